import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import { timeSeriesPanel, OFF } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** How much of a GPU's arithmetic and memory bandwidth the model uses, by vLLM's own estimate. */
export function computeRow({ q }: Queries): Row {
  const by = ["instance", "engine"] as const;
  return {
    title: "Model FLOPs utilisation (--enable-mfu-metrics)",
    collapsed: true,
    panels: [
      timeSeriesPanel({
        title: "Arithmetic per GPU",
        question:
          "How many floating-point operations per second does the model perform on each GPU?",
        advice:
          "Divide by the GPU's peak: below a tenth while requests wait, the batches are too small.",
        unit: units.FlopsPerSecond,
        empty: OFF,
        drillDown: INSTANCE_ALONE,
        queries: [
          {
            expr: math`${q.rate(metrics.estimatedFlops, { by })} > 0`,
            legend: "{{instance}} engine {{engine}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Memory traffic per GPU",
        question: "How many bytes does the model read and write in each GPU's memory per second?",
        advice: "Near the GPU's peak, decoding is as fast as it gets: quantise, or speculate.",
        unit: units.BytesPerSecondSI,
        empty: OFF,
        drillDown: INSTANCE_ALONE,
        queries: [
          {
            expr: math`${q.rate(metrics.estimatedReadBytes, { by })} > 0`,
            legend: "{{instance}} engine {{engine}}, read",
          },
          {
            expr: math`${q.rate(metrics.estimatedWriteBytes, { by })} > 0`,
            legend: "{{instance}} engine {{engine}}, written",
          },
        ],
      }),
    ],
  };
}
