import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, stackedTimeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** How much work the caches save. */
export function cachingRow({ q, steady }: Queries): Row {
  return {
    title: "Caching",
    panels: [
      timeSeriesPanel({
        title: "Cache hit rates",
        question:
          "What share of lookups hit: prompt tokens in the prefix cache and in an external one, images or audio in the multi-modal cache? Prefixes shorter than a block never hit.",
        advice:
          "A drop: prompts no longer share prefixes, requests are routed to other servers, or the cache is too small.",
        unit: units.PercentUnit,
        max: 1,
        queries: [
          {
            expr: ratio(
              steady.rate(metrics.prefixCacheHits),
              steady.rate(metrics.prefixCacheQueries),
            ),
            legend: "Prefix",
          },
          {
            expr: ratio(
              steady.rate(metrics.externalPrefixCacheHits),
              steady.rate(metrics.externalPrefixCacheQueries),
            ),
            legend: "External",
          },
          {
            expr: ratio(
              steady.rate(metrics.multiModalCacheHits),
              steady.rate(metrics.multiModalCacheQueries),
            ),
            legend: "Multi-modal",
          },
        ],
      }),
      stackedTimeSeriesPanel({
        title: "Prompt tokens by source",
        question:
          "Where do prompt tokens come from: computed here, found in the cache, or fetched from elsewhere?",
        advice: "More computed at the same traffic: the cache helps less than before.",
        unit: TOKENS_PER_SECOND,
        queries: [
          { expr: q.rate(metrics.promptTokensBySource, { by: ["source"] }), legend: "{{source}}" },
        ],
      }),
    ],
  };
}
