import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import {
  levels,
  timeSeriesPanel,
  percentileTimeSeriesPanel,
  stackedTimeSeriesPanel,
} from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** How close the engines are to their limits. */
export function saturationRow({ q, bounds }: Queries, { thresholds }: DashboardOptions): Row {
  const third = { width: 8 };
  return {
    title: "Saturation",
    panels: [
      stackedTimeSeriesPanel({
        ...third,
        title: "Requests running and waiting",
        question:
          "How many requests are in the engines: running, waiting for capacity, or deferred for another reason (LoRA slots, KV transfers)?",
        advice:
          "Waiting for capacity: add servers or cache. Deferred: see the LoRA and KV cache dashboards.",
        unit: units.Short,
        queries: [
          { expr: q.sum(metrics.requestsRunning), legend: "Running" },
          {
            expr: q.sum(metrics.requestsWaitingByReason, { by: ["reason"] }),
            legend: "Waiting: {{reason}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "KV cache usage",
        question:
          "How full are the KV caches: the fullest engine's, the emptiest's, and on average? A wide gap is an uneven balance.",
        advice:
          "All near full: add cache or servers. One near full: look at how requests are routed.",
        unit: units.PercentUnit,
        max: 1,
        steps: levels(thresholds.kvCacheUsage),
        queries: [
          { expr: q.max(metrics.kvCacheUsage), legend: "Fullest" },
          { expr: q.avg(metrics.kvCacheUsage), legend: "Average" },
          { expr: q.min(metrics.kvCacheUsage), legend: "Emptiest" },
        ],
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Queue time",
        question: "How long do requests wait before they are first scheduled?",
        advice: "A lasting queue means too little capacity: see Waiting by reason on Instances.",
        unit: units.Seconds,
        buckets: bounds(metrics.queueTime),
        queries: percentiles(q, metrics.queueTime),
      }),
    ],
  };
}
