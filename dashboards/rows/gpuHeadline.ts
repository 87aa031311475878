import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, metrics, orZero, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { colours, levels, statPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_JOULE } from "../units.ts";

/** What a panel says when it has no GPU to show. */
export const NO_GPU = "No GPU metrics";

/** Which tokens and joules are counted. No metric shows which GPU an engine runs on. */
export const OF_ALL =
  "Of all vLLM servers over all GPUs that give metrics, whatever is selected. Servers without GPU metrics add tokens but no joules.";

/** The GPUs at a glance. */
export function gpuHeadlineRow(
  { now }: Queries,
  everything: Queries,
  { thresholds }: DashboardOptions,
): Row {
  const tile = { width: 4, empty: NO_GPU };
  return {
    panels: [
      statPanel({
        ...tile,
        title: "GPUs",
        question: "How many GPUs report metrics?",
        advice:
          "Fewer than installed: a GPU fell off the bus; see XID errors and the host's kernel log.",
        unit: units.Short,
        query: now.count(exporters.gpuUtilization),
      }),
      statPanel({
        ...tile,
        title: "Busy",
        question:
          "What share of the time is any kernel running, on average? 100 % does not mean that the GPU is used well.",
        advice: "Low while requests wait: the CPU or the network holds the engine up.",
        unit: units.Percent,
        query: now.avg(exporters.gpuUtilization),
      }),
      statPanel({
        ...tile,
        title: "Hottest",
        question: "How hot is the hottest GPU?",
        advice:
          "Check its cooling and the rack's air; from the critical level on, the GPU throttles itself.",
        unit: units.Celsius,
        query: now.max(exporters.gpuTemperature),
        steps: levels(thresholds.gpuTemperature),
      }),
      statPanel({
        ...tile,
        title: "Power",
        question: "How much power do all GPUs draw?",
        advice: "High while idle: something other than vLLM uses the GPUs.",
        unit: units.Watt,
        query: now.sum(exporters.gpuPower),
      }),
      statPanel({
        ...tile,
        title: "Tokens per joule",
        question: `How many tokens are generated per joule, over the last five minutes? ${OF_ALL}`,
        advice: "Lower than usual: small batches, since idle GPUs draw power too.",
        unit: TOKENS_PER_JOULE,
        decimals: 2,
        query: ratio(
          everything.now.rate(metrics.generationTokens),
          everything.now.sum(exporters.gpuPower),
        ),
      }),
      statPanel({
        ...tile,
        title: "GPUs with XID errors",
        question: "How many GPUs report an error? The value stays until the driver is reset.",
        advice:
          "XID errors below shows which GPU and which error; for 48, 63, 79 and 94, replace or reset the GPU.",
        unit: units.Short,
        query: orZero(
          math`count(${now.series(exporters.gpuXid)} > 0)`,
          now.count(exporters.gpuXid),
        ),
        steps: colours([
          [null, "text"],
          [0, "green"],
          [1, "red"],
        ]),
      }),
    ],
  };
}
