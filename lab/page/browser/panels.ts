/** The drawing functions, by panel type. */
import type { Draw } from "./drawing.ts";
import { drawHeatmap } from "./heatmap.ts";
import { drawStat } from "./stat.ts";
import { drawStateTimeline } from "./stateTimeline.ts";
import { drawTable } from "./table.ts";
import { drawText } from "./text.ts";
import { drawTimeSeries } from "./timeSeries.ts";

/** Draws a panel of any type. @throws Error for a type that this page does not know. */
export const draw: Draw = (body, panel, answer, context) => {
  const known = DRAWINGS[panel.type];
  if (!known) throw new Error(`Panels of type "${panel.type}" are not known to this page.`);
  return known(body, panel, answer, context);
};

/** Panel types without queries. */
export const NO_QUERIES = new Set(["text"]);

const DRAWINGS: Record<string, Draw> = {
  timeseries: drawTimeSeries,
  stat: drawStat,
  table: drawTable,
  heatmap: drawHeatmap,
  "state-timeline": drawStateTimeline,
  text: drawText,
};
