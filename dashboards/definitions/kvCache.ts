import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { cacheHeadline } from "../rows/cacheHeadline.ts";
import { cachePressure } from "../rows/cachePressure.ts";
import { hf3fs } from "../rows/hf3fs.ts";
import { hiSparse } from "../rows/hiSparse.ts";
import { kvLoads } from "../rows/kvLoads.ts";
import { mooncake, mooncakeStore } from "../rows/mooncake.ts";
import { nixl } from "../rows/nixl.ts";
import { offloading } from "../rows/offloading.ts";
import { prefixCache } from "../rows/prefixCache.ts";
import { residency } from "../rows/residency.ts";
import { simpleOffload } from "../rows/simpleOffload.ts";
import { tiering } from "../rows/tiering.ts";
import { umbp } from "../rows/umbp.ts";
import { UIDS } from "../uids.ts";
import { ENGINE_SELECTION, engineVariables } from "../variables.ts";

/** Is the KV cache large enough, and does it save work? */
export function kvCacheDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, ENGINE_SELECTION);
  const features = [
    residency(queries),
    kvLoads(queries),
    nixl(queries),
    offloading(queries),
    tiering(queries),
    simpleOffload(queries),
    mooncake(queries),
    mooncakeStore(queries),
    hf3fs(queries),
    hiSparse(queries),
    umbp(queries),
  ];
  return dashboard({
    uid: UIDS.kvCache,
    title: "vLLM / KV cache",
    description: "Is the KV cache large enough, and does it save work?",
    variables: [...engineVariables(), ...features.map(({ variable }) => variable)],
    annotations: annotations(ENGINE_SELECTION),
    rows: [
      cacheHeadline(queries, options),
      cachePressure(queries, options),
      prefixCache(queries),
      ...features.map(({ row }) => row),
    ],
  });
}
