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
import { serversDown } from "../serverState.ts";
import { UIDS } from "../uids.ts";
import {
  ENGINE_SELECTION,
  engineVariables,
  MOST_SHOWN,
  SHOWN_SELECTION,
  shownVariables,
} from "../variables.ts";

/** Which server differs from the others? */
export function instancesDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, ENGINE_SELECTION);
  const shown = dashboardQueries(options, SHOWN_SELECTION);
  return dashboard({
    uid: UIDS.instances,
    title: "vLLM / Instances",
    description: `Which server or engine differs from the others, and since when? Tables list all servers. Graphs show at most ${MOST_SHOWN}: those that are down, then the highest by the selected value.`,
    variables: [...engineVariables(), ...shownVariables(serversDown(queries), queries.lastModels)],
    annotations: annotations(ENGINE_SELECTION),
    rows: [
      instanceTableRow(queries, shown, options),
      // Tables have all servers, lines only those that are shown.
      ...(options.canary ? [canaryRow({ ...shown, now: queries.now }, options)] : []),
      balanceRow(shown, options),
      instanceLatencyRow(shown, options),
      engineStepsRow(shown),
      serverProcessRow(shown),
      configurationRow(queries),
      sleepAndWeightsRow(shown),
      computeRow(shown),
    ],
  });
}
