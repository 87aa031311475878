import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { grafanaServerRow } from "../rows/grafanaServer.ts";
import { notificationsRow } from "../rows/notifications.ts";
import { prometheusHeadlineRow } from "../rows/prometheusHeadline.ts";
import { rulesRow } from "../rows/rules.ts";
import { scrapesRow } from "../rows/scrapes.ts";
import { storageRow } from "../rows/storage.ts";
import { UIDS } from "../uids.ts";
import { TARGET, targetVariables } from "../variables.ts";

/** Can the other dashboards be trusted? */
export function stackDashboard(options: DashboardOptions): Dashboard {
  // The stack's own servers are scraped as they are, whatever form vLLM's histograms are stored in.
  const asExposed: DashboardOptions = { ...options, histograms: "classic" };
  const queries = dashboardQueries(asExposed, TARGET);
  return dashboard({
    uid: UIDS.stack,
    title: "vLLM / The stack itself",
    description: "Can the other dashboards be trusted? Scrapes, Prometheus and Grafana.",
    variables: targetVariables(),
    annotations: annotations(TARGET, "targets"),
    rows: [
      prometheusHeadlineRow(queries),
      scrapesRow(queries, options),
      storageRow(queries),
      rulesRow(queries),
      notificationsRow(queries, dashboardQueries(asExposed, {}), options),
      grafanaServerRow(queries),
    ],
  });
}
