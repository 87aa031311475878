/** The panels that boards are made of. */
export { distribution } from "./heatmap.ts";
export { bucketLimits, words, type Word } from "./mappings.ts";
export {
  ADVICE,
  colours,
  levels,
  levelsBelow,
  NO_TRAFFIC,
  OFF,
  plain,
  type DrillDown,
  type Query,
  type SizedPanel,
} from "./panel.ts";
export { number } from "./stat.ts";
export { states } from "./stateTimeline.ts";
export { tableOf as table, type ValueColumn } from "./table.ts";
export { lines, percentileLines, stackedLines } from "./timeSeries.ts";
