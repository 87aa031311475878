/** When broken promises fire alerts, and when they just do not. */
import type { Case } from "./cases.ts";
import { always } from "./life.ts";

/** What objectives say; each second one request. The step is 5 s, and all windows a 24th. */
export const BURN_RATES: Case[] = [
  burns("15 % late: fast", 0.15, 10, { fires: ["SloBurnRate1h"] }),
  burns("14 % late: not fast", 0.14, 10, { spares: ["SloBurnRate1h"] }),
  burns("7 % late", 0.07, 20, { fires: ["SloBurnRate6h"] }),
  burns("5.9 % late", 0.059, 20, { spares: ["SloBurnRate6h"] }),
  burns("4 % late", 0.04, 65, { fires: ["SloBurnRate1d"] }),
  burns("2.9 % late", 0.029, 65, { spares: ["SloBurnRate1d"] }),
  burns("2 % late", 0.02, 200, { fires: ["SloBurnRate3d"] }),
  burns("0.9 % late", 0.009, 200, { spares: ["SloBurnRate3d"] }),
];

function burns(name: string, late: number, nominalMinutes: number, outcome: Partial<Case>): Case {
  return {
    name,
    life: { lateFirstTokens: always(late), finished: always(20) },
    alone: true,
    minutes: nominalMinutes,
    ...outcome,
  };
}
