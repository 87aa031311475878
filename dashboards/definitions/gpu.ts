import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { efficiencyRow } from "../rows/efficiency.ts";
import { gpuFaultsRow } from "../rows/gpuFaults.ts";
import { gpuHeadlineRow } from "../rows/gpuHeadline.ts";
import { gpuLoadRow } from "../rows/gpuLoad.ts";
import { UIDS } from "../uids.ts";
import { gpuVariables, TARGET } from "../variables.ts";

/** Do the GPUs perform as well as they can, and do they stay healthy? */
export function gpuDashboard(options: DashboardOptions): Dashboard {
  const gpus = dashboardQueries(options, TARGET);
  const everything = dashboardQueries(options, {});
  return dashboard({
    uid: UIDS.gpu,
    title: "vLLM / GPU",
    description: "Do the GPUs perform as well as they can, and are they healthy?",
    variables: gpuVariables(),
    annotations: annotations({}),
    rows: [
      gpuHeadlineRow(gpus, everything, options),
      gpuLoadRow(gpus, everything),
      efficiencyRow(gpus, everything),
      gpuFaultsRow(gpus, options),
    ],
  });
}
