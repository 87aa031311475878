import { annotations } from "./annotations.ts";
import { board, type Board } from "./board.ts";
import type { BoardOptions } from "./options.ts";
import { boardQueries } from "./queries.ts";
import { budgets } from "./rows/budgets.ts";
import { burn } from "./rows/burn.ts";
import { UIDS } from "./uids.ts";
import { boardVariables, SELECTION } from "./variables.ts";

/** Is what was promised kept, and for how long will it be? */
export function sloBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, SELECTION);
  return board({
    uid: UIDS.slo,
    title: "vLLM / SLO",
    description: "Is what was promised kept, and how much of the month's budget is left?",
    variables: boardVariables(),
    annotations: annotations(SELECTION),
    from: "now-6h",
    // The queries look back over 30 days.
    refresh: "5m",
    rows: [budgets(queries, options), burn(queries, options)],
  });
}
