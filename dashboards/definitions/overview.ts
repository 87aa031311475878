import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries, fleetInterval, fleetQueries } from "../queries.ts";
import { firingAlertsRow } from "../rows/firingAlerts.ts";
import { headlineRow } from "../rows/headline.ts";
import { latencyRow } from "../rows/latency.ts";
import { modelsRow } from "../rows/models.ts";
import { saturationRow } from "../rows/saturation.ts";
import { throughputRow } from "../rows/throughput.ts";
import { UIDS } from "../uids.ts";
import { FLEET_SELECTION, fleetVariables } from "../variables.ts";

/** What is wrong now, with which model, and why? For the engineer on call. */
export function overviewDashboard(options: DashboardOptions): Dashboard {
  const queries = fleetQueries(options, FLEET_SELECTION);
  const everything = dashboardQueries(options, {});
  return dashboard({
    uid: UIDS.overview,
    title: "vLLM / Overview",
    description: "What is wrong now, with which model, and why?",
    variables: fleetVariables(),
    annotations: annotations(FLEET_SELECTION),
    interval: fleetInterval(options),
    rows: [
      firingAlertsRow(everything, options),
      modelsRow(queries, options),
      headlineRow(queries, options),
      latencyRow(queries, options),
      saturationRow(queries, options),
      throughputRow(queries),
    ],
  });
}
