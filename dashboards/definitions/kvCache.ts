import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries } from "../queries.ts";
import { cacheHeadlineRow } from "../rows/cacheHeadline.ts";
import { cachePressureRow } from "../rows/cachePressure.ts";
import { hf3fsRow } from "../rows/hf3fs.ts";
import { hiSparseRow } from "../rows/hiSparse.ts";
import { kvLoadsRow } from "../rows/kvLoads.ts";
import { mooncakeRow, mooncakeStoreRow } from "../rows/mooncake.ts";
import { nixlRow } from "../rows/nixl.ts";
import { offloadingRow } from "../rows/offloading.ts";
import { prefixCacheRow } from "../rows/prefixCache.ts";
import { residencyRow } from "../rows/residency.ts";
import { simpleOffloadRow } from "../rows/simpleOffload.ts";
import { tieringRow } from "../rows/tiering.ts";
import { umbpRow } from "../rows/umbp.ts";
import { UIDS } from "../uids.ts";
import { ENGINE_SELECTION, engineVariables } from "../variables.ts";

/** Is the KV cache large enough, and does it save work? */
export function kvCacheDashboard(options: DashboardOptions): Dashboard {
  const queries = dashboardQueries(options, ENGINE_SELECTION);
  const features = [
    residencyRow(queries),
    kvLoadsRow(queries),
    nixlRow(queries),
    offloadingRow(queries),
    tieringRow(queries),
    simpleOffloadRow(queries),
    mooncakeRow(queries),
    mooncakeStoreRow(queries),
    hf3fsRow(queries),
    hiSparseRow(queries),
    umbpRow(queries),
  ];
  return dashboard({
    uid: UIDS.kvCache,
    title: "vLLM / KV cache",
    description: "Is the KV cache large enough, and does it save work?",
    variables: [...engineVariables(), ...features.map(({ variable }) => variable)],
    annotations: annotations(ENGINE_SELECTION),
    rows: [
      cacheHeadlineRow(queries, options),
      cachePressureRow(queries, options),
      prefixCacheRow(queries),
      ...features.map(({ row }) => row),
    ],
  });
}
