/** What the board `vLLM / KV cache` shows. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";

const by = ["model_name"];
const capacity = { reason: "capacity" };
const deferred = { reason: "deferred" };

/** Panels of a feature that no simulated server has: nothing but the words that say so. */
function off(feature: string, titles: readonly string[]): is.BoardValues {
  const reason = `No simulated server has ${feature}.`;
  return Object.fromEntries(titles.map((title) => [title, is.listed("nothing", reason)]));
}

export const kvCache: is.BoardValues = {
  "Fullest cache": [is.max(metrics.kvCacheUsage)],
  "Average cache": [is.average(metrics.kvCacheUsage)],
  "Prompt from caches": [
    is.ratio(metrics.promptTokensCached, [], (part) => [
      part.rate(metrics.promptTokensCached),
      part.rate(metrics.promptTokens),
    ]),
  ],
  "Preemptions per request": [
    is.ratio(metrics.preemptions, [], (part) => [
      part.rate(metrics.preemptions),
      part.rate(metrics.requestsFinished),
    ]),
  ],
  "Waiting for capacity": [is.sum(metrics.requestsWaitingByReason, { where: capacity })],
  Deferred: [is.sum(metrics.requestsWaitingByReason, { where: deferred })],

  "Cache usage by model": [is.max(metrics.kvCacheUsage, { by })],
  "Preemptions per request by model": [
    is.ratio(metrics.preemptions, by, (part) => [
      part.rate(metrics.preemptions),
      part.rate(metrics.requestsFinished),
    ]),
  ],
  "Waiting for capacity by model": [
    is.sum(metrics.requestsWaitingByReason, { by, where: capacity }),
  ],

  "Prefix cache hit rate by model": [
    is.ratio(metrics.prefixCacheQueries, by, (part) => [
      part.rate(metrics.prefixCacheHits),
      part.rate(metrics.prefixCacheQueries),
    ]),
  ],
  "Cached tokens by tier": [is.rate(metrics.promptTokensCachedBySource, { by: ["source"] })],
  "Prompt and computed tokens per request": [
    is.mean(metrics.requestPromptTokens),
    is.mean(metrics.requestPrefillComputedTokens),
  ],

  "Lifetime of blocks": is.percentiles(metrics.kvBlockLifetime),
  "Idle before eviction": is.percentiles(metrics.kvBlockIdleBeforeEviction),
  "Gap between uses": is.percentiles(metrics.kvBlockReuseGap),

  "External hit rate by model": [
    is.ratio(metrics.externalPrefixCacheQueries, by, (part) => [
      part.rate(metrics.externalPrefixCacheHits),
      part.rate(metrics.externalPrefixCacheQueries),
    ]),
  ],
  "Requests that wait for KV loads": is.listed("nothing", "Simulated KV loads take no time."),

  ...off("NIXL", [
    "NIXL transfer time",
    "NIXL throughput",
    "NIXL failures",
    "NIXL post time",
    "NIXL bytes per transfer",
    "NIXL descriptors per transfer",
  ]),
  ...off("the OffloadingConnector", [
    "Offload traffic",
    "Offload bandwidth",
    "Offload transfer size",
    "Offload lookups",
    "Host cache pinned",
    "Stores that did not happen",
    "Chunks per store",
    "Offload configuration",
  ]),
  ...off("tiers below the host", [
    "Tier hit rate",
    "Tier traffic",
    "Tier bandwidth",
    "Tier lookups",
    "Promotions",
    "Tier jobs under way",
    "Tier failures",
    "Host space held by tiers",
    "Back-pressure",
  ]),
  ...off("the SimpleCPUOffloadConnector", [
    "Stores by outcome",
    "Blocks restored",
    "Blocks pinned and pending",
    "Simple offload configuration",
  ]),
  ...off("the Mooncake connector", [
    "Mooncake transfer time",
    "Mooncake transfers",
    "Mooncake descriptors per transfer",
    "Mooncake failures",
  ]),
  ...off("the Mooncake store", [
    "Store operations",
    "Store time",
    "Store traffic",
    "Store keys",
    "Store keys that failed",
  ]),
  ...off("the 3FS connector", ["3FS load time", "3FS save time", "3FS failures"]),
  ...off("HiSparse", [
    "Hot-buffer hit rate",
    "Host to device traffic",
    "Host cache usage and transfers",
    "Residency on the host",
  ]),
  ...off("the UMBP store", ["UMBP objects", "UMBP traffic"]),
};
