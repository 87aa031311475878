import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { acceptanceRows } from "../rows/acceptance.ts";
import { adaptersRow } from "../rows/adapters.ts";
import { UIDS } from "../uids.ts";
import { ENGINE_SELECTION, engineVariables } from "../variables.ts";

/** Does guessing tokens ahead pay, and which adapters are in use? */
export function speculationDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, ENGINE_SELECTION);
  return dashboard({
    uid: UIDS.speculation,
    title: "vLLM / Speculative decoding and LoRA",
    description: "Does speculative decoding pay off, and which LoRA adapters are in use?",
    variables: engineVariables(),
    annotations: annotations(ENGINE_SELECTION),
    rows: [...acceptanceRows(queries), adaptersRow(queries)],
  });
}
