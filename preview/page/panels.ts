/** What there is to draw, by the panel's type. */
import type { PanelAnswer } from "../answers.ts";
import type { Panel } from "../model.ts";
import type { Page } from "./boardView.ts";
import { drawHeatmap } from "./heatmap.ts";
import { drawStat } from "./stat.ts";
import { drawStateTimeline } from "./stateTimeline.ts";
import { drawTable } from "./table.ts";
import { drawText } from "./text.ts";
import { drawTimeSeries } from "./timeSeries.ts";

/** The page that a panel is on, and what variables are in its repetition of a row. */
export interface Context extends Page {
  scoped: Record<string, string[]>;
  /** What the reader chose in the panel, from one drawing to the next. */
  kept: { alone?: string | undefined };
  redraw: () => void;
}

/** What became of a drawing. */
export interface Drawn {
  /** The word that a panel has for nothing to draw; shown unless the drawing shows it itself. */
  empty?: string;
  /** Ends what the drawing has begun. */
  destroy?: () => void;
}

/** Draws a panel's data into its body. @throws Error for what this page does not know. */
export type Draw = (
  body: HTMLElement,
  panel: Panel,
  answer: PanelAnswer,
  context: Context,
) => Drawn;

export const draw: Draw = (body, panel, answer, context) => {
  const known = DRAWINGS[panel.type];
  if (!known) throw new Error(`Panels of type "${panel.type}" are not known to this page.`);
  return known(body, panel, answer, context);
};

/** Panels that ask nothing. */
export const NO_QUERIES = new Set(["text"]);

const DRAWINGS: Record<string, Draw> = {
  timeseries: drawTimeSeries,
  stat: drawStat,
  table: drawTable,
  heatmap: drawHeatmap,
  "state-timeline": drawStateTimeline,
  text: drawText,
};

/** What a panel says that has nothing to show. */
export function nothing(panel: Panel): Drawn {
  return { empty: panel.fieldConfig?.defaults?.noValue ?? "No data" };
}
