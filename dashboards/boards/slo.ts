import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import { recorded } from "../objectives.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { attainmentRow } from "../rows/attainment.ts";
import { budgets } from "../rows/budgets.ts";
import { burn } from "../rows/burn.ts";
import { UIDS } from "../uids.ts";
import { modelOnly, SELECTION } from "../variables.ts";

/** Objectives are about models, wherever they run. */
const SCOPE = { model_name: SELECTION.model_name };

/** Are the objectives met, and how long will the error budget last? */
export function sloBoard(options: BoardOptions): Board {
  return board({
    uid: UIDS.slo,
    title: "vLLM / SLO",
    description: "Are the objectives met, and how much of each error budget is left?",
    variables: modelOnly(recorded.models),
    annotations: annotations(SCOPE),
    from: "now-6h",
    rows: [budgets(), attainmentRow(boardQueries(options, SCOPE), options), burn(options)],
  });
}
