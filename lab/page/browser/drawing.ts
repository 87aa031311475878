/** What the drawing of a panel is given, and what becomes of it. */
import type { DashboardAnswer, PanelAnswer } from "../answers.ts";
import type { Panel } from "../dashboardModel.ts";
import type { Address } from "./address.ts";

/** Draws a panel's data into its body. @throws Error for what this page does not know. */
export type Draw = (
  body: HTMLElement,
  panel: Panel,
  answer: PanelAnswer,
  context: PanelContext,
) => Drawn;

/** What a panel needs to know of the page that it is on. */
export interface PageContext {
  answer: DashboardAnswer;
  address: Address;
  update: () => Promise<void>;
}

/** The page, and what variables are in the panel's repetition of a row. */
export interface PanelContext extends PageContext {
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

/** What a panel says that has nothing to show. */
export function nothing(panel: Panel): Drawn {
  return { empty: panel.fieldConfig?.defaults?.noValue ?? "No data" };
}
