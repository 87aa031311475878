/** The panel types of the dashboards. */
export { heatmapPanel } from "./heatmap.ts";
export { bucketLimits, words, type Word } from "./mappings.ts";
export {
  colours,
  levels,
  levelsBelow,
  OFF,
  type DrillDown,
  type PanelArgs,
  type Query,
  type SizedPanel,
} from "./panel.ts";
export {
  omittedPercentiles,
  percentileTimeSeriesPanel,
  samplesFor,
} from "./percentileTimeSeries.ts";
export { statPanel } from "./stat.ts";
export { stateTimelinePanel } from "./stateTimeline.ts";
export { tablePanel, type LabelColumn, type ValueColumn } from "./table.ts";
export { FINISH_COLOURS, STATUS_COLOURS } from "./seriesColours.ts";
export { timeSeriesPanel, stackedTimeSeriesPanel } from "./timeSeries.ts";
