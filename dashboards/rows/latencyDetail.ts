import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import {
  heatmapPanel,
  percentileTimeSeriesPanel,
  stackedTimeSeriesPanel,
} from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** Where a request's time goes, and whether all requests are served equally well. */
export function latencyDetailRow(
  { q, steady, bounds }: Queries,
  { thresholds }: DashboardOptions,
): Row {
  const seconds = { unit: units.Seconds };
  const third = { ...seconds, width: 8 };
  return {
    title: "Latency in detail",
    panels: [
      stackedTimeSeriesPanel({
        ...seconds,
        title: "Mean time per phase",
        question:
          "Where does a request's time go, on average: waiting, reading the prompt, or writing the answer? Means add up, percentiles do not.",
        advice:
          "The phase that grew shows what helps: more servers for queue, caching for prefill, smaller batches for decode.",
        queries: [
          { expr: steady.mean(metrics.queueTime), legend: "Queue" },
          { expr: steady.mean(metrics.prefillTime), legend: "Prefill" },
          { expr: steady.mean(metrics.decodeTime), legend: "Decode" },
        ],
      }),
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Time per output token (TPOT)",
        question:
          "How fast does a whole answer come, in seconds per token? One sample per request; a single-token answer counts as 0.",
        advice:
          "Higher than ITL's mean: some requests are slow throughout, such as those that are preempted.",
        buckets: bounds(metrics.requestTimePerOutputToken),
        levels: thresholds.interTokenLatency,
        queries: percentiles(q, metrics.requestTimePerOutputToken),
      }),
      heatmapPanel({
        ...third,
        title: "TTFT distribution",
        question:
          "Are there groups of requests that are served differently, such as cached and uncached prompts?",
        advice:
          "A second band far above the first is a separate group of requests: find it by model and instance.",
        query: q.heatmap(metrics.timeToFirstToken),
      }),
      heatmapPanel({
        ...third,
        title: "ITL distribution",
        question: "Do tokens arrive evenly, or in bursts?",
        advice: "A faint band at long gaps: prefills or preemptions delay decoding.",
        query: q.heatmap(metrics.interTokenLatency),
      }),
      heatmapPanel({
        ...third,
        title: "End-to-end distribution",
        question: "How long do requests take, and did the mix change?",
        advice:
          "A band that moves up although answers are no longer means that a server became slower.",
        query: q.heatmap(metrics.endToEndLatency),
      }),
    ],
  };
}
