import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { wallModel } from "../rows/wallModel.ts";
import { knownModels } from "../state.ts";
import { UIDS } from "../uids.ts";
import { modelOnly, WALL_SELECTION } from "../variables.ts";

/** Does every model serve its users? For a screen across the room. */
export function wallBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, WALL_SELECTION);
  const everything = boardQueries(options, {});
  return board({
    uid: UIDS.wall,
    title: "vLLM / Wall",
    description:
      "Does every model serve its users? For a screen across the room. Models whose servers are all down are there too.",
    variables: modelOnly(knownModels(everything)),
    annotations: annotations({}, "none"),
    from: "now-3h",
    rows: [wallModel(queries, options)],
  });
}
