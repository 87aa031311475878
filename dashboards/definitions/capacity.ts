import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { apiServer } from "../rows/apiServer.ts";
import { batches } from "../rows/batches.ts";
import { caching } from "../rows/caching.ts";
import { capacityHeadline } from "../rows/capacityHeadline.ts";
import { latencyDetail } from "../rows/latencyDetail.ts";
import { rareFaults } from "../rows/rareFaults.ts";
import { workload } from "../rows/workload.ts";
import { UIDS } from "../uids.ts";
import { dashboardVariables, SELECTION } from "../variables.ts";

/**
 * What do clients ask for, and what does it cost the servers? For planning, and for the cause of a
 * change.
 */
export function capacityDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, SELECTION);
  return dashboard({
    uid: UIDS.capacity,
    title: "vLLM / Capacity and workload",
    description: "What do clients ask for, and what does it cost the servers?",
    variables: dashboardVariables(),
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
