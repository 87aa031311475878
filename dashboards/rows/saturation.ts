import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import type { BoardOptions } from "../options.ts";
import { distribution, levels, lines, stackedLines } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS } from "../units.ts";

/** How near the engines are to their limits. */
export function saturation({ q }: Queries, { thresholds }: BoardOptions): Row {
  return {
    title: "Saturation",
    panels: [
      stackedLines({
        title: "Requests running and waiting",
        question:
          "How many requests are in the engines: at work, waiting for room (capacity), or held back for another reason (deferred: LoRA slots, KV transfers)?",
        advice:
          "Waiting for capacity: more servers or more cache. Deferred: see the LoRA and KV connector rows.",
        unit: units.Short,
        queries: [
          { expr: q.sum(metrics.requestsRunning), legend: "Running" },
          {
            expr: q.sum(metrics.requestsWaitingByReason, { by: ["reason"] }),
            legend: "Waiting: {{reason}}",
          },
        ],
      }),
      lines({
        title: "KV cache usage",
        question:
          "How full are the KV caches: the fullest engine's, the emptiest's, and on average? A wide gap is an uneven balance.",
        advice:
          "All near full: more cache or servers. One near full: look at how requests are routed.",
        unit: units.PercentUnit,
        max: 1,
        steps: levels(thresholds.kvCacheUsage),
        queries: [
          { expr: q.max(metrics.kvCacheUsage), legend: "Fullest" },
          { expr: q.avg(metrics.kvCacheUsage), legend: "Average" },
          { expr: q.min(metrics.kvCacheUsage), legend: "Emptiest" },
        ],
      }),
      lines({
        title: "Preemptions by model",
        question:
          "How often are running requests interrupted because the cache is full? Each is computed again later.",
        advice: "More than a few per minute: lower --max-num-seqs, or give the cache more memory.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.preemptions, { by: ["model_name"] }), legend: "{{model_name}}" },
        ],
        drillDown: INSTANCES_OF_MODEL,
      }),
      distribution({
        title: "Tokens per engine step",
        question:
          "How full are the batches? Steps of few tokens leave the GPU idle, steps at the upper limit (--max-num-batched-tokens) make others wait.",
        advice:
          "Always at the limit: raise it, or add servers. Always small: the load is light, or --max-num-seqs too low.",
        unit: TOKENS,
        query: q.heatmap(metrics.iterationTokens),
      }),
    ],
  };
}
