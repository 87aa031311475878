import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, stackedTimeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS, TOKENS_PER_SECOND } from "../units.ts";

/** How much work earlier prompts save. */
export function prefixCacheRow({ q, steady }: Queries): Row {
  const by = ["model_name"] as const;
  return {
    title: "Prefix caching",
    panels: [
      timeSeriesPanel({
        title: "Prefix cache hit rate by model",
        question:
          "What share of each model's prompt tokens is found in the prefix cache? Prefixes shorter than a block never hit.",
        advice:
          "A drop: the system prompt or the routing changed, or the cache is too small to keep prefixes.",
        unit: units.PercentUnit,
        max: 1,
        width: 8,
        queries: [
          {
            expr: ratio(
              steady.rate(metrics.prefixCacheHits, { by }),
              steady.rate(metrics.prefixCacheQueries, { by }),
            ),
            legend: "{{model_name}}",
          },
        ],
      }),
      stackedTimeSeriesPanel({
        title: "Cached tokens by tier",
        question:
          "Which cache supplied the tokens that were not computed: the GPU's (device), the host's, another server's (p2p), or a disk?",
        advice:
          "Tokens shift from device to host or disk: the GPU's cache is too small for the prompts in use.",
        unit: TOKENS_PER_SECOND,
        width: 8,
        queries: [
          {
            expr: q.rate(metrics.promptTokensCachedBySource, { by: ["source"] }),
            legend: "{{source}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Prompt and computed tokens per request",
        question: "How much of a prompt is left to compute, on average?",
        advice: "Lines that meet: the caches save nothing.",
        unit: TOKENS,
        width: 8,
        queries: [
          { expr: steady.mean(metrics.requestPromptTokens), legend: "Prompt" },
          { expr: steady.mean(metrics.requestPrefillComputedTokens), legend: "Computed" },
        ],
      }),
    ],
  };
}
