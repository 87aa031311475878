import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { apiServer } from "../rows/apiServer.ts";
import { batches } from "../rows/batches.ts";
import { caching } from "../rows/caching.ts";
import { capacityHeadline } from "../rows/capacityHeadline.ts";
import { latencyDetail } from "../rows/latencyDetail.ts";
import { rareFaults } from "../rows/rareFaults.ts";
import { workload } from "../rows/workload.ts";
import { UIDS } from "../uids.ts";
import { boardVariables, SELECTION } from "../variables.ts";

/** What do clients ask for, and what does it cost the servers? For planning, and for the cause of a change. */
export function capacityBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, SELECTION);
  return board({
    uid: UIDS.capacity,
    title: "vLLM / Capacity and workload",
    description: "What do clients ask for, and what does it cost the servers?",
    variables: boardVariables(),
    annotations: annotations(SELECTION),
    rows: [
      capacityHeadline(queries, options),
      workload(queries),
      latencyDetail(queries, options),
      batches(queries),
      caching(queries),
      apiServer(queries),
      rareFaults(queries),
    ],
  });
}
