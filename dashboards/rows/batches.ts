import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import { heatmapPanel, timeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS, TOKENS_PER_SECOND } from "../units.ts";

/** How much work the engines take at once, and how much of it they do twice. */
export function batchesRow({ q }: Queries): Row {
  return {
    title: "Batches and preemptions",
    panels: [
      timeSeriesPanel({
        title: "Prompt tokens by model",
        question: "How many prompt tokens does each model get per second, cached ones included?",
        advice: "A jump in one model alone: a client sends longer prompts, or more of them.",
        unit: TOKENS_PER_SECOND,
        width: 8,
        queries: [
          { expr: q.rate(metrics.promptTokens, { by: ["model_name"] }), legend: "{{model_name}}" },
        ],
        drillDown: INSTANCES_OF_MODEL,
      }),
      heatmapPanel({
        width: 8,
        title: "Tokens per engine step",
        question:
          "How full are the batches? Small steps leave the GPU underused; steps at the limit (--max-num-batched-tokens) make other requests wait.",
        advice:
          "Always at the limit: raise it, or add servers. Always small: the load is light, or --max-num-seqs is too low.",
        unit: TOKENS,
        query: q.heatmap(metrics.iterationTokens),
      }),
      timeSeriesPanel({
        width: 8,
        title: "Preemptions by model",
        question:
          "How often are running requests preempted because the cache is full? Each is recomputed later.",
        advice: "More than a few per minute: lower --max-num-seqs, or give the cache more memory.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.preemptions, { by: ["model_name"] }), legend: "{{model_name}}" },
        ],
        drillDown: INSTANCES_OF_MODEL,
      }),
    ],
  };
}
