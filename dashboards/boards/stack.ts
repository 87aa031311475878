import { annotations } from "../annotations.ts";
import { board, type Board } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { boardQueries } from "../queries.ts";
import { grafanaServer } from "../rows/grafanaServer.ts";
import { notifications } from "../rows/notifications.ts";
import { prometheusHeadline } from "../rows/prometheusHeadline.ts";
import { rules } from "../rows/rules.ts";
import { scrapes } from "../rows/scrapes.ts";
import { storage } from "../rows/storage.ts";
import { UIDS } from "../uids.ts";
import { TARGET, targetVariables } from "../variables.ts";

/** Can the other boards be believed? */
export function stackBoard(options: BoardOptions): Board {
  // The stack's own servers are scraped as they are, whatever becomes of vLLM's histograms.
  const asExposed: BoardOptions = { ...options, histograms: "classic" };
  const queries = boardQueries(asExposed, TARGET);
  return board({
    uid: UIDS.stack,
    title: "vLLM / The stack itself",
    description: "Are the other dashboards right? Scrapes, Prometheus and Grafana.",
    variables: targetVariables(),
    annotations: annotations(TARGET, "targets"),
    rows: [
      prometheusHeadline(queries),
      scrapes(queries, options),
      storage(queries),
      rules(queries),
      notifications(queries, boardQueries(asExposed, {}), options),
      grafanaServer(queries),
    ],
  });
}
