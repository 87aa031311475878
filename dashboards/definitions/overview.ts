import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { firingAlerts } from "../rows/firingAlerts.ts";
import { headline } from "../rows/headline.ts";
import { latency } from "../rows/latency.ts";
import { models } from "../rows/models.ts";
import { saturation } from "../rows/saturation.ts";
import { throughput } from "../rows/throughput.ts";
import { UIDS } from "../uids.ts";
import { dashboardVariables, SELECTION } from "../variables.ts";

/** What is wrong now, with which model, and why? For whoever is on call. */
export function overviewDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, SELECTION);
  const everything = dashboardQueries(options, {});
  return dashboard({
    uid: UIDS.overview,
    title: "vLLM / Overview",
    description: "What is wrong now, with which model, and why?",
    variables: dashboardVariables(),
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
