import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { apiServer } from "../rows/apiServer.ts";
import { attainmentRow } from "../rows/attainment.ts";
import { caching } from "../rows/caching.ts";
import { headline } from "../rows/headline.ts";
import { latency } from "../rows/latency.ts";
import { models } from "../rows/models.ts";
import { rareFaults } from "../rows/rareFaults.ts";
import { saturation } from "../rows/saturation.ts";
import { throughput } from "../rows/throughput.ts";
import { workload } from "../rows/workload.ts";
import { UIDS } from "../uids.ts";
import { boardVariables, SELECTION } from "../variables.ts";

/** Is anything wrong, with which model, and what is short? */
export function overviewBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, SELECTION);
  return board({
    uid: UIDS.overview,
    title: "vLLM / Overview",
    description: "Is anything wrong, with which model, and what is short?",
    variables: boardVariables(),
    annotations: annotations(SELECTION),
    rows: [
      headline(queries, options),
      models(queries, options),
      attainmentRow(queries, options),
      latency(queries, options),
      throughput(queries),
      saturation(queries, options),
      caching(queries),
      workload(queries),
      apiServer(queries),
      rareFaults(queries),
    ],
  });
}
