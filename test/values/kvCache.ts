/** What the dashboard `vLLM / KV cache` shows. */
import { metrics } from "../../vllm/index.ts";
import { connectors } from "./connectors.ts";
import * as is from "./expected.ts";

const by = ["model_name"];
const capacity = { reason: "capacity" };
const deferred = { reason: "deferred" };

export const kvCache: is.DashboardValues = {
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
  ...connectors,
};
