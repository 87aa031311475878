import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_JOULE } from "../units.ts";
import { NO_GPU, OF_ALL } from "./gpuHeadline.ts";
import { PER_GPU } from "./gpuLoad.ts";

/** What the tokens cost. */
export function efficiencyRow({ q }: Queries, everything: Queries): Row {
  const joules = math`${everything.steady.rate(exporters.gpuEnergy)} / 1000`;
  return {
    title: "Power and energy",
    panels: [
      timeSeriesPanel({
        title: "Power by GPU",
        question: "How much power does each GPU draw?",
        advice: "Always at its power limit: the GPU is throttled; see Throttling.",
        unit: units.Watt,
        empty: NO_GPU,
        queries: [
          {
            expr: q.sum(exporters.gpuPower, { by: PER_GPU }),
            legend: "{{Hostname}} GPU {{gpu}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Tokens for a joule",
        question: `How many tokens does a joule yield: generated ones, and prompt plus generated ones? ${OF_ALL}`,
        advice:
          "It falls with the load, since idle GPUs draw power: run fewer servers, or give each more requests.",
        unit: TOKENS_PER_JOULE,
        empty: NO_GPU,
        queries: [
          {
            expr: ratio(everything.steady.rate(metrics.generationTokens), joules),
            legend: "Generated",
          },
          {
            expr: ratio(
              math`${everything.steady.rate(metrics.generationTokens)} + ${everything.steady.rate(metrics.promptTokens)}`,
              joules,
            ),
            legend: "All",
          },
        ],
      }),
    ],
  };
}
