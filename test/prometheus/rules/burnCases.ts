/** Which burn rates fire the alert, and which narrowly do not. */
import type { AlertCase } from "./alertCase.ts";
import { always } from "./serverLife.ts";

/** Alerts by burn rate, at 20 requests per second. The step is 5 s; all windows are a 24th as long. */
export const BURN_RATES: AlertCase[] = [
  burns("15 % late: fast", 0.15, 10, { fires: ["SloErrorBudgetBurn"], window: "1h" }),
  burns("14 % late: not fast", 0.14, 10, { spares: ["SloErrorBudgetBurn"] }),
  burns("7 % late", 0.07, 20, { fires: ["SloErrorBudgetBurn"], window: "6h" }),
  burns("5.9 % late", 0.059, 20, { spares: ["SloErrorBudgetBurn"] }),
  burns("4 % late", 0.04, 65, { fires: ["SloErrorBudgetBurn"], window: "1d" }),
  burns("2.9 % late", 0.029, 65, { spares: ["SloErrorBudgetBurn"] }),
  burns("2 % late", 0.02, 200, { fires: ["SloErrorBudgetBurn"], window: "3d" }),
  burns("0.9 % late", 0.009, 200, { spares: ["SloErrorBudgetBurn"] }),
];

function burns(
  name: string,
  late: number,
  nominalMinutes: number,
  outcome: Partial<AlertCase>,
): AlertCase {
  return {
    name,
    life: { lateFirstTokens: always(late), finished: always(20) },
    alone: true,
    minutes: nominalMinutes,
    ...outcome,
  };
}
