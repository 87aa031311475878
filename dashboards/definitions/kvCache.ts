import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { dashboardQueries, fleetInterval, fleetQueries } from "../queries.ts";
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
import { FLEET_SELECTION, fleetVariables } from "../variables.ts";

/** Is the KV cache large enough, and does it save work? */
export function kvCacheDashboard(options: DashboardOptions): Dashboard {
  const queries = fleetQueries(options, FLEET_SELECTION);
  // These rows query the servers' own series. They are for features that few servers have, and
  // closed at first.
  const ofServers = dashboardQueries(options, FLEET_SELECTION);
  const features = [
    residencyRow(ofServers),
    kvLoadsRow(ofServers),
    nixlRow(ofServers),
    offloadingRow(ofServers),
    tieringRow(ofServers),
    simpleOffloadRow(ofServers),
    mooncakeRow(ofServers),
    mooncakeStoreRow(ofServers),
    hf3fsRow(ofServers),
    hiSparseRow(ofServers),
    umbpRow(ofServers),
  ];
  return dashboard({
    uid: UIDS.kvCache,
    title: "vLLM / KV cache",
    description: "Is the KV cache large enough, and does it save work?",
    variables: [...fleetVariables(), ...features.map(({ variable }) => variable)],
    annotations: annotations(FLEET_SELECTION),
    interval: fleetInterval(options),
    rows: [
      cacheHeadlineRow(queries, options),
      cachePressureRow(queries, options),
      prefixCacheRow(queries),
      ...features.map(({ row }) => row),
    ],
  });
}
