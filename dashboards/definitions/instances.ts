import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { balanceRow } from "../rows/balance.ts";
import { canaryRow } from "../rows/canary.ts";
import { computeRow } from "../rows/compute.ts";
import { configurationRow } from "../rows/configuration.ts";
import { engineStepsRow } from "../rows/engineSteps.ts";
import { instanceLatencyRow } from "../rows/instanceLatency.ts";
import { instanceTableRow } from "../rows/instanceTable.ts";
import { serverProcessRow } from "../rows/serverProcess.ts";
import { sleepAndWeightsRow } from "../rows/sleepAndWeights.ts";
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
      instanceTableRow(queries, options),
      ...(options.canary ? [canaryRow(queries, options)] : []),
      balanceRow(queries, options),
      instanceLatencyRow(queries, options),
      engineStepsRow(queries),
      serverProcessRow(queries),
      configurationRow(queries),
      sleepAndWeightsRow(queries),
      computeRow(queries),
    ],
  });
}
