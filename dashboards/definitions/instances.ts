import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { balance } from "../rows/balance.ts";
import { canary } from "../rows/canary.ts";
import { compute } from "../rows/compute.ts";
import { configuration } from "../rows/configuration.ts";
import { engineSteps } from "../rows/engineSteps.ts";
import { instanceLatency } from "../rows/instanceLatency.ts";
import { instanceTable } from "../rows/instanceTable.ts";
import { serverProcess } from "../rows/serverProcess.ts";
import { sleepAndWeights } from "../rows/sleepAndWeights.ts";
import { UIDS } from "../uids.ts";
import { ENGINE_SELECTION, engineVariables } from "../variables.ts";

/** Which server differs from the others? */
export function instancesDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, ENGINE_SELECTION);
  return dashboard({
    uid: UIDS.instances,
    title: "vLLM / Instances",
    description: "Which server or engine differs from the others, and since when?",
    variables: engineVariables(),
    annotations: annotations(ENGINE_SELECTION),
    rows: [
      instanceTable(queries, options),
      ...(options.canary ? [canary(queries, options)] : []),
      balance(queries, options),
      instanceLatency(queries, options),
      engineSteps(queries),
      serverProcess(queries),
      configuration(queries),
      sleepAndWeights(queries),
      compute(queries),
    ],
  });
}
