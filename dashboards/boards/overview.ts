import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { firingAlerts } from "../rows/firingAlerts.ts";
import { headline } from "../rows/headline.ts";
import { latency } from "../rows/latency.ts";
import { models } from "../rows/models.ts";
import { saturation } from "../rows/saturation.ts";
import { throughput } from "../rows/throughput.ts";
import { UIDS } from "../uids.ts";
import { boardVariables, SELECTION } from "../variables.ts";

/** What is wrong now, with which model, and why? For whoever is on call. */
export function overviewBoard(options: BoardOptions): Board {
  const queries = boardQueries(options, SELECTION);
  const everything = boardQueries(options, {});
  return board({
    uid: UIDS.overview,
    title: "vLLM / Overview",
    description: "What is wrong now, with which model, and why?",
    variables: boardVariables(),
    annotations: annotations(SELECTION),
    rows: [
      firingAlerts(everything, options),
      models(queries, options),
      headline(queries, options),
      latency(queries, options),
      saturation(queries, options),
      throughput(queries),
    ],
  });
}
