/** The input and the result of drawing a panel. */
import type { DashboardAnswer, PanelAnswer } from "../answers.ts";
import type { Panel } from "../dashboardModel.ts";
import type { Address } from "./address.ts";

/** Draws a panel's data into its body. @throws Error for anything that this page does not support. */
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

/** The page, and the variables' values in the repeated row that contains the panel. */
export interface PanelContext extends PageContext {
  scoped: Record<string, string[]>;
  /** The reader's choices in the panel, kept from one drawing to the next. */
  kept: { alone?: string | undefined };
  redraw: () => void;
}

/** The result of a drawing. */
export interface Drawn {
  /** The panel's text for "no data"; shown unless the drawing shows it itself. */
  empty?: string;
  /** Cleans up what the drawing started. */
  destroy?: () => void;
}

/** The result for a panel that has nothing to show. */
export function nothing(panel: Panel): Drawn {
  return { empty: panel.fieldConfig?.defaults?.noValue ?? "No data" };
}
