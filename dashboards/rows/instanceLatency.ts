import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { timeSeriesPanel, percentileTimeSeriesPanel, type Query } from "../panels/index.ts";
import { percentile, type Latency, type Queries } from "../queries.ts";

/** Which instance is slow. */
export function instanceLatencyRow(
  { q, steady, bounds }: Queries,
  { thresholds }: DashboardOptions,
): Row {
  const by = ["instance"] as const;
  const legend = "{{instance}}";
  const one = (expr: string): Query[] => [{ expr, legend }];
  const drillDown = INSTANCE_ALONE;
  const p95 = (metric: Latency) => ({
    unit: units.Seconds,
    buckets: bounds(metric),
    queries: [percentile(q, 0.95, metric, { by, legend })],
    drillDown,
  });
  return {
    title: "Latency by instance",
    panels: [
      percentileTimeSeriesPanel({
        title: "TTFT P95 by instance",
        question: "Which instance makes its users wait for the first token?",
        advice: "One alone: check its queue and its prompts. All: too little capacity.",
        levels: thresholds.timeToFirstToken,
        ...p95(metrics.timeToFirstToken),
      }),
      percentileTimeSeriesPanel({
        title: "ITL P95 by instance",
        question: "Which instance generates slowly?",
        advice:
          "One alone at the same load: its GPU is throttled or shared; see the GPU dashboard.",
        levels: thresholds.interTokenLatency,
        ...p95(metrics.interTokenLatency),
      }),
      percentileTimeSeriesPanel({
        title: "E2E P95 by instance",
        question: "On which instance do requests take long in total?",
        advice: "Compare the length of its answers before you look for a fault.",
        levels: thresholds.endToEndLatency,
        ...p95(metrics.endToEndLatency),
      }),
      timeSeriesPanel({
        title: "Mean queue time by instance",
        question: "On which instance do requests wait, and how long on average?",
        advice: "One alone: requests are routed unevenly.",
        unit: units.Seconds,
        queries: one(steady.mean(metrics.queueTime, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Mean time in the engine by instance",
        question:
          "How long does the engine work on a request, from its first step to its last token, on average? Excludes queueing.",
        advice: "One far above the others at equal answer lengths is a slow server.",
        unit: units.Seconds,
        queries: one(steady.mean(metrics.inferenceTime, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Prefix cache hit rate by instance",
        question: "Do requests go to the instance that has their prefix in its cache?",
        advice: "Low on all although prompts share prefixes: route by prefix or by session.",
        unit: units.PercentUnit,
        max: 1,
        queries: one(
          ratio(
            steady.rate(metrics.prefixCacheHits, { by }),
            steady.rate(metrics.prefixCacheQueries, { by }),
          ),
        ),
        drillDown,
      }),
    ],
  };
}
