import type { DashboardOptions } from "./dashboardOptions.ts";
import type { Dashboard } from "./dashboard.ts";
import { capacityDashboard } from "./definitions/capacity.ts";
import { gpuDashboard } from "./definitions/gpu.ts";
import { instancesDashboard } from "./definitions/instances.ts";
import { kvCacheDashboard } from "./definitions/kvCache.ts";
import { overviewDashboard } from "./definitions/overview.ts";
import { sloDashboard } from "./definitions/slo.ts";
import { speculationDashboard } from "./definitions/speculation.ts";
import { stackDashboard } from "./definitions/stack.ts";
import { vllmDashboard } from "./definitions/vllm.ts";
import { wallDashboard } from "./definitions/wall.ts";

export type { DashboardOptions } from "./dashboardOptions.ts";

/**
 * The folder that holds the dashboards. No dashboard may have its title: Grafana 9 refuses that.
 */
export const DASHBOARD_FOLDER = { uid: "vllm", title: "vLLM monitoring" };

/** Every dashboard of vLLM and of the stack itself. */
export function dashboards(options: DashboardOptions): Dashboard[] {
  return [
    vllmDashboard,
    overviewDashboard,
    capacityDashboard,
    instancesDashboard,
    kvCacheDashboard,
    speculationDashboard,
    sloDashboard,
    wallDashboard,
    stackDashboard,
    ...(options.gpu ? [gpuDashboard] : []),
  ].map((make) => make(options));
}
