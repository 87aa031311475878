import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { acceptance } from "../rows/acceptance.ts";
import { adapters } from "../rows/adapters.ts";
import { UIDS } from "../uids.ts";
import { ENGINE_SELECTION, engineVariables } from "../variables.ts";

/** Does guessing tokens ahead pay, and which adapters are in use? */
export function speculationBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, ENGINE_SELECTION);
  return board({
    uid: UIDS.speculation,
    title: "vLLM / Speculative decoding and LoRA",
    description: "Does guessing tokens ahead pay, and which LoRA adapters are in use?",
    variables: engineVariables(),
    annotations: annotations(ENGINE_SELECTION),
    rows: [...acceptance(queries), adapters(queries)],
  });
}
