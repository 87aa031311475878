import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import { recorded } from "../objectives.ts";
import type { BoardOptions } from "../options.ts";
import { budgets } from "../rows/budgets.ts";
import { burn } from "../rows/burn.ts";
import { UIDS } from "../uids.ts";
import { modelOnly, SELECTION } from "../variables.ts";

/** Is what was promised kept, and for how long will it be? */
export function sloBoard(options: BoardOptions): Board {
  return board({
    uid: UIDS.slo,
    title: "vLLM / SLO",
    description: "Is what was promised kept, and how much of the month's budget is left?",
    variables: modelOnly(recorded.models),
    annotations: annotations({ model_name: SELECTION.model_name }),
    from: "now-6h",
    refresh: "1m",
    rows: [budgets(), burn(options)],
  });
}
