import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries, fleetInterval, fleetQueries } from "../queries.ts";
import { apiServerRow } from "../rows/apiServer.ts";
import { batchesRow } from "../rows/batches.ts";
import { cachingRow } from "../rows/caching.ts";
import { capacityHeadlineRow } from "../rows/capacityHeadline.ts";
import { latencyDetailRow } from "../rows/latencyDetail.ts";
import { rareFaultsRow } from "../rows/rareFaults.ts";
import { workloadRow } from "../rows/workload.ts";
import { UIDS } from "../uids.ts";
import { FLEET_SELECTION, fleetVariables } from "../variables.ts";

/**
 * What do clients ask for, and what does it cost the servers? For planning, and for finding the
 * cause of a change.
 */
export function capacityDashboard(options: DashboardOptions): Dashboard {
  const queries = fleetQueries(options, FLEET_SELECTION);
  // These rows query the servers' own series, but only once a reader opens them.
  const ofServers = dashboardQueries(options, FLEET_SELECTION);
  return dashboard({
    uid: UIDS.capacity,
    title: "vLLM / Capacity and workload",
    description: "What do clients ask for, and what does it cost the servers?",
    variables: fleetVariables(),
    annotations: annotations(FLEET_SELECTION),
    interval: fleetInterval(options),
    rows: [
      capacityHeadlineRow(queries, options),
      workloadRow(queries),
      latencyDetailRow(queries, options),
      batchesRow(queries),
      cachingRow(queries),
      apiServerRow(ofServers),
      rareFaultsRow(ofServers),
    ],
  });
}
