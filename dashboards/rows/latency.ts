import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** How long users wait. */
export function latencyRow({ q, bounds }: Queries, { thresholds }: DashboardOptions): Row {
  const seconds = { unit: units.Seconds, width: 8 };
  return {
    title: "Latency",
    panels: [
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Time to first token (TTFT)",
        question: "How long until the first token of an answer arrives?",
        advice:
          "Compare Queue time: if it is about as long, add servers; if not, prompts are long.",
        buckets: bounds(metrics.timeToFirstToken),
        levels: thresholds.timeToFirstToken,
        queries: percentiles(q, metrics.timeToFirstToken),
      }),
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Inter-token latency (ITL)",
        question: "How long are the gaps between two tokens of an answer? One sample per token.",
        advice:
          "A long tail: prefills of other requests delay the tokens; lower --max-num-batched-tokens.",
        buckets: bounds(metrics.interTokenLatency),
        levels: thresholds.interTokenLatency,
        queries: percentiles(q, metrics.interTokenLatency),
      }),
      percentileTimeSeriesPanel({
        ...seconds,
        title: "End-to-end latency",
        question: "How long do requests take, from their arrival to their last token?",
        advice:
          "See Mean time per phase and Answer length on Capacity and workload: longer answers take longer.",
        buckets: bounds(metrics.endToEndLatency),
        levels: thresholds.endToEndLatency,
        queries: percentiles(q, metrics.endToEndLatency),
      }),
    ],
  };
}
