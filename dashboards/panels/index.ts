/** The panels that dashboards are made of. */
export { distribution } from "./heatmap.ts";
export { bucketLimits, words, type Word } from "./mappings.ts";
export {
  ADVICE,
  colours,
  levels,
  levelsBelow,
  OFF,
  type DrillDown,
  type PanelArgs,
  type Query,
  type SizedPanel,
} from "./panel.ts";
export { leftOut, percentileLines, samplesFor } from "./percentileLines.ts";
export { number } from "./stat.ts";
export { states } from "./stateTimeline.ts";
export { tableOf as table, type LabelColumn, type ValueColumn } from "./table.ts";
export { FINISH_COLOURS, STATUS_COLOURS } from "./seriesColours.ts";
export { lines, stackedLines } from "./timeSeries.ts";
