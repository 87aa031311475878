import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** Whether the caches are too small. */
export function cachePressureRow({ q, steady }: Queries, { thresholds }: DashboardOptions): Row {
  const by = ["model_name"] as const;
  const drillDown = INSTANCES_OF_MODEL;
  return {
    title: "Pressure",
    panels: [
      timeSeriesPanel({
        title: "Cache usage by model",
        question: "How full is the fullest KV cache of each model?",
        advice:
          "Flat at 100 %: requests wait or are preempted; give this model more cache or more servers.",
        unit: units.PercentUnit,
        max: 1,
        width: 8,
        steps: levels(thresholds.kvCacheUsage),
        queries: [{ expr: q.max(metrics.kvCacheUsage, { by }), legend: "{{model_name}}" }],
        drillDown,
      }),
      timeSeriesPanel({
        title: "Preemptions per request by model",
        question: "How often is a request of each model preempted for lack of cache?",
        advice: "Above a few percent, much work is done twice: lower --max-num-seqs.",
        unit: units.PercentUnit,
        width: 8,
        steps: levels(thresholds.preemptionRatio),
        queries: [
          {
            expr: ratio(
              steady.rate(metrics.preemptions, { by }),
              steady.rate(metrics.requestsFinished, { by }),
            ),
            legend: "{{model_name}}",
          },
        ],
        drillDown,
      }),
      timeSeriesPanel({
        title: "Waiting for capacity by model",
        question: "How many requests of each model wait for room?",
        advice:
          "A queue that follows the model's cache usage confirms that the cache is too small.",
        unit: units.Short,
        width: 8,
        queries: [
          {
            expr: q.sum(metrics.requestsWaitingByReason, { by, where: { reason: "capacity" } }),
            legend: "{{model_name}}",
          },
        ],
        drillDown,
      }),
    ],
  };
}
