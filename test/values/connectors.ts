/**
 * What the rows for KV connectors show on the dashboard `vLLM / KV cache`: nothing where there are no
 * connectors.
 */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";

const byInstance = { by: ["instance"] };
const byTier = { by: ["tier"] };
const byOperation = { by: ["operation"] };

type Amount = Parameters<FleetPart["rate"]>[0];

/** The amount moved, per second of transfer time. */
const bandwidth = (bytes: Amount, seconds: Amount, by: string[] = []) =>
  is.ratio(bytes, by, (part) => [part.rate(bytes), part.rate(seconds)]);

/** Percentiles of something too rare for a P99. */
function fewValues(metric: Parameters<typeof is.percentiles>[0]): is.Expected[] {
  const [p99, ...others] = is.percentiles(metric);
  return [...(p99 ? [is.blank(p99, "Fewer than 100 values.")] : []), ...others];
}

const nixl: is.DashboardValues = {
  "NIXL transfer time": is.percentiles(metrics.nixlTransferTime),
  "NIXL throughput": [
    is.total(metrics.nixlBytes, byInstance),
    is.ratio(metrics.nixlBytes, byInstance.by, (part) => [
      part.total(metrics.nixlBytes),
      part.total(metrics.nixlTransferTime),
    ]),
  ],
  "NIXL failures": [
    is.rate(metrics.nixlFailedTransfers),
    is.rate(metrics.nixlFailedNotifications),
    is.rate(metrics.nixlExpiredRequests),
    is.rate(metrics.nixlNotificationsAfterExpiry),
  ],
  "NIXL post time": [is.mean(metrics.nixlPostTime, byInstance)],
  "NIXL bytes per transfer": [is.mean(metrics.nixlBytes, byInstance)],
  "NIXL descriptors per transfer": [is.mean(metrics.nixlDescriptors, byInstance)],
};

const offloading: is.DashboardValues = {
  "Offload traffic": [is.rate(metrics.offloadLoadBytes), is.rate(metrics.offloadStoreBytes)],
  "Offload bandwidth": [
    bandwidth(metrics.offloadLoadBytes, metrics.offloadLoadTime),
    bandwidth(metrics.offloadStoreBytes, metrics.offloadStoreTime),
  ],
  "Offload transfer size": [is.mean(metrics.offloadLoadSize), is.mean(metrics.offloadStoreSize)],
  "Offload lookups": [
    is.percentile(0.95, metrics.offloadLookupTime),
    is.percentile(0.95, metrics.offloadLookupWait),
  ],
  "Host cache pinned": [
    is.max(metrics.offloadCpuUsage),
    is.blank(is.max(metrics.offloadCpuWriteUsage), "Nothing is written at that moment."),
    is.max(metrics.offloadCpuReadUsage),
  ],
  "Stores that did not happen": [
    is.rate(metrics.offloadAllocationFailures),
    is.rate(metrics.offloadStoresSkipped),
  ],
  "Chunks per store": [is.mean(metrics.offloadCpuAllocationSize)],
  "Offload configuration": [
    is.count(metrics.offloadConfig, {
      by: [
        ...["instance", "engine", "tier", "cpu_num_chunks", "cpu_blocks_per_chunk"],
        ...["cpu_kv_cache_size_bytes", "cpu_kv_cache_size_tokens"],
      ],
    }),
  ],
};

const tiering: is.DashboardValues = {
  "Tier hit rate": [
    is.ratio(metrics.tieringChunkQueries, byTier.by, (part) => [
      part.rate(metrics.tieringChunkHits),
      part.rate(metrics.tieringChunkQueries),
    ]),
  ],
  "Tier traffic": [
    is.rate(metrics.tieringReadBytes, byTier),
    is.rate(metrics.tieringWriteBytes, byTier),
  ],
  "Tier bandwidth": [
    bandwidth(metrics.tieringReadBytes, metrics.tieringReadTime, byTier.by),
    bandwidth(metrics.tieringWriteBytes, metrics.tieringWriteTime, byTier.by),
  ],
  "Tier lookups": [
    is.percentile(0.95, metrics.tieringLookupTime, byTier),
    is.percentile(0.95, metrics.tieringLookupWait, byTier),
  ],
  Promotions: [is.percentile(0.95, metrics.tieringPromotionLatency, { by: ["tier", "result"] })],
  "Tier jobs under way": [
    is.sum(metrics.tieringActivePromotions, byTier),
    is.sum(metrics.tieringActiveCascades, byTier),
  ],
  "Tier failures": [
    is.rate(metrics.tieringPromotionFailures, byTier),
    is.rate(metrics.tieringCascadeFailures, byTier),
    is.rate(metrics.tieringPromotionAllocationFailures),
  ],
  "Host space held by tiers": [
    is.max(metrics.tieringPrimaryWriteUsage, byTier),
    is.max(metrics.tieringPrimaryReadUsage, byTier),
  ],
  "Dropped by back-pressure": [
    is.rate(metrics.tieringStoresDropped, byTier),
    is.rate(metrics.tieringBlocksDropped, byTier),
  ],
  "Time per stored MiB": [is.max(metrics.tieringStoreLatency, byTier)],
};

const simpleOffload: is.DashboardValues = {
  "Stores by outcome": [is.rate(metrics.simpleOffloadSaveOutcomes, { by: ["outcome"] })],
  "Blocks restored": [is.rate(metrics.simpleOffloadLoadedBlocks, byInstance)],
  "Blocks pinned and pending": [
    is.sum(metrics.simpleOffloadUsedBlocks),
    is.sum(metrics.simpleOffloadPendingBlocks),
  ],
  "Simple offload configuration": [
    is.count(metrics.simpleOffloadConfig, {
      by: ["instance", "engine", "backend", "capacity_blocks", "page_cache", "lazy_offload"],
    }),
  ],
};

const mooncake: is.DashboardValues = {
  "Mooncake transfer time": is.percentiles(metrics.mooncakeTransferTime),
  "Mooncake transfers": [is.total(metrics.mooncakeBytes, byInstance)],
  "Mooncake descriptors per transfer": [is.mean(metrics.mooncakeDescriptors, byInstance)],
  "Mooncake failures": [
    is.rate(metrics.mooncakeFailedTransfers),
    is.rate(metrics.mooncakeFailedReceives),
    is.rate(metrics.mooncakeExpiredRequests),
  ],
};

const mooncakeStore: is.DashboardValues = {
  "Store operations": [is.rate(metrics.mooncakeStoreOperations, { by: ["operation", "status"] })],
  "Store time": [is.percentile(0.95, metrics.mooncakeStoreTime, byOperation)],
  "Store traffic": [is.rate(metrics.mooncakeStoreBytes, byOperation)],
  "Store keys": [is.rate(metrics.mooncakeStoreKeys, byOperation)],
  "Store keys that failed": [is.rate(metrics.mooncakeStoreFailedKeys, byOperation)],
};

const hf3fs: is.DashboardValues = {
  "3FS load time": fewValues(metrics.hf3fsLoadTime),
  "3FS save time": is.percentiles(metrics.hf3fsSaveTime),
  "3FS failures": [is.rate(metrics.hf3fsFailedLoads), is.rate(metrics.hf3fsFailedSaves)],
};

const hiSparse: is.DashboardValues = {
  "Hot-buffer hit rate": [
    is.ratio(metrics.hiSparseHits, [], (part) => [
      part.rate(metrics.hiSparseHits),
      part.rate(metrics.hiSparseHits) + part.rate(metrics.hiSparseMisses),
    ]),
  ],
  "Host to device traffic": [is.rate(metrics.hiSparseLoadedBytes, byInstance)],
  "Host cache usage": [is.max(metrics.hiSparseHostUsage)],
  "Page transfers under way": [is.sum(metrics.hiSparsePendingTransfers)],
  "Residency on the host": [
    is.percentile(0.5, metrics.hiSparseBlockLifetime),
    is.percentile(0.5, metrics.hiSparseBlockIdleBeforeEviction),
    is.percentile(0.5, metrics.hiSparseBlockReuseGap),
  ],
};

const umbp: is.DashboardValues = {
  "UMBP objects": [
    is.rate(metrics.umbpSubmitted, byOperation),
    is.rate(metrics.umbpCompleted, byOperation),
    is.rate(metrics.umbpFailed, byOperation),
  ],
  "UMBP traffic": [is.rate(metrics.umbpBytes, byOperation)],
};

export const connectors: is.DashboardValues = {
  "Requests that wait for KV loads": [is.sum(metrics.requestsKvFetchByStage, { by: ["stage"] })],
  ...nixl,
  ...offloading,
  ...tiering,
  ...simpleOffload,
  ...mooncake,
  ...mooncakeStore,
  ...hf3fs,
  ...hiSparse,
  ...umbp,
};
