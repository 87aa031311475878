import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, stackedTimeSeriesPanel, type Query } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";
import { NO_GPU } from "./gpuHeadline.ts";

/** A series per GPU. */
export const PER_GPU = ["Hostname", "gpu"] as const;

/** What the GPUs do, beside what the engines do. */
export function gpuLoadRow({ q }: Queries, engines: Queries): Row {
  const by = PER_GPU;
  const half = { empty: NO_GPU };
  const perGpu = (expr: string): Query[] => [{ expr, legend: "{{Hostname}} GPU {{gpu}}" }];
  return {
    title: "Load",
    panels: [
      timeSeriesPanel({
        ...half,
        title: "Busy by GPU",
        question:
          "What share of the time is any kernel running on each GPU? The GPUs of one engine should be equally busy.",
        advice:
          "One below the others of its engine: that GPU is not used; see --tensor-parallel-size.",
        unit: units.Percent,
        max: 100,
        queries: perGpu(q.avg(exporters.gpuUtilization, { by })),
      }),
      stackedTimeSeriesPanel({
        title: "Requests in the engines",
        question: "Do the GPUs have work: how many requests run and wait, in all engines?",
        advice:
          "Requests wait while GPUs are idle: something else holds the engine up; see its log and its host's CPU.",
        unit: units.Short,
        queries: [
          { expr: engines.q.sum(metrics.requestsRunning), legend: "Running" },
          { expr: engines.q.sum(metrics.requestsWaiting), legend: "Waiting" },
        ],
      }),
      timeSeriesPanel({
        ...half,
        title: "Memory by GPU",
        question:
          "How much of each GPU's memory is used? vLLM reserves its share at startup (--gpu-memory-utilization), whatever the load.",
        advice:
          "Higher than that share: another process uses the GPU, and an out-of-memory error is near.",
        unit: units.PercentUnit,
        max: 1,
        queries: perGpu(
          ratio(
            q.sum(exporters.gpuMemoryUsed, { by }),
            math`${q.sum(exporters.gpuMemoryUsed, { by })} + ${q.sum(exporters.gpuMemoryFree, { by })}`,
          ),
        ),
      }),
      timeSeriesPanel({
        title: "Tokens of the engines",
        question: "How many tokens do the engines read and generate per second?",
        advice:
          "A drop while the GPUs are as busy as before: clocks are down; see Clock and Throttling.",
        unit: TOKENS_PER_SECOND,
        queries: [
          { expr: engines.q.rate(metrics.promptTokens), legend: "Prompt" },
          { expr: engines.q.rate(metrics.generationTokens), legend: "Generated" },
        ],
      }),
      timeSeriesPanel({
        ...half,
        title: "Tensor cores and memory bandwidth",
        question:
          "How well is the hardware used, on average: tensor cores, memory interface, any GPU engine? Data-centre GPUs only.",
        advice:
          "Memory near 80 % while decoding is the practical maximum: quantise to go faster. Both low: batches are too small.",
        unit: units.PercentUnit,
        max: 1,
        queries: [
          { expr: q.avg(exporters.gpuTensorActive), legend: "Tensor cores" },
          { expr: q.avg(exporters.gpuDramActive), legend: "Memory interface" },
          { expr: q.avg(exporters.gpuGraphicsActive), legend: "Any engine" },
        ],
      }),
      timeSeriesPanel({
        ...half,
        title: "NVLink traffic",
        question:
          "How busy are the links between the GPUs? This is the rate of the exporter's counter; its unit depends on the GPU. Tensor parallelism uses these links.",
        advice:
          "Zero with tensor parallelism: traffic goes over PCIe, which is slow; see nvidia-smi topo -m.",
        unit: units.Short,
        queries: perGpu(q.rate(exporters.gpuNvlinkBandwidth, { by })),
      }),
    ],
  };
}
