/** What the dashboard `vLLM / GPU` shows for two made-up GPUs. */
import { exporters, familyName, metrics, type Metric } from "../../vllm/index.ts";
import { formatExposition } from "../../vllm/exposition.ts";
import * as is from "./expected.ts";
import { END, SCRAPE } from "./fleet.ts";
import { historyOf, type History } from "./history.ts";
import type { FleetPart } from "./fleetPart.ts";

const HOST = "node1";

/** The value of each metric for both GPUs; for a counter, its increase per second. */
const VALUES = new Map<Metric, readonly [number, number]>([
  [exporters.gpuUtilization, [90, 30]],
  [exporters.gpuMemoryUsed, [60_000, 20_000]],
  [exporters.gpuMemoryFree, [20_000, 60_000]],
  [exporters.gpuTemperature, [71, 45]],
  [exporters.gpuMemoryTemperature, [82, 50]],
  [exporters.gpuPower, [420, 110]],
  [exporters.gpuEnergy, [420_000, 110_000]],
  [exporters.gpuClock, [1755, 1980]],
  [exporters.gpuXid, [0, 48]],
  [exporters.gpuPcieReplays, [0, 0.2]],
  [exporters.gpuNvlinkBandwidth, [3000, 2000]],
  [exporters.gpuUncorrectableRows, [0, 0.1]],
  [exporters.gpuRowRemapFailure, [0, 1]],
  [exporters.gpuPowerThrottling, [2e8, 0]],
  [exporters.gpuThermalThrottling, [0, 0]],
  [exporters.gpuGraphicsActive, [0.9, 0.3]],
  [exporters.gpuTensorActive, [0.4, 0.1]],
  [exporters.gpuDramActive, [0.7, 0.2]],
]);

/**
 * The history of an exporter that always has these values, and of one that died after a while.
 */
export function gpuHistories(epoch: number): Map<string, History> {
  return new Map([
    ["gpu", gpuHistory(epoch, END)],
    ["gpu-gone", gpuHistory(epoch, 60)],
  ]);
}

function gpuHistory(epoch: number, end: number): History {
  const times = Array.from({ length: end / SCRAPE + 1 }, (_, index) => index * SCRAPE);
  // Its counters have counted since the host's start.
  const pages = times.map((time) => ({ time, text: page(time + 86_400) }));
  return historyOf({ job: "gpu", pages, epoch });
}

function page(age: number): string {
  return formatExposition(
    [...VALUES].map(([metric, values]) => ({
      name: familyName(metric),
      type: metric.type,
      help: metric.help,
      samples: values.map((value, gpu) => ({
        name: familyName(metric),
        labels: { gpu: `${gpu}`, Hostname: HOST },
        value: metric.type === "counter" ? value * age : value,
      })),
    })),
  );
}

/** A metric's values: of one GPU if the part is a single GPU, otherwise of both. */
function of(metric: Metric, part: FleetPart): number[] {
  const { gpu } = part.labels;
  const values = VALUES.get(metric) ?? [];
  return gpu === undefined ? [...values] : [values[Number(gpu)] ?? NaN];
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const mean = (numbers: number[]) => sum(numbers) / numbers.length;

const byGpu = ["Hostname", "gpu"];
const each = (metric: Metric) => is.value(metric, byGpu, (part) => sum(of(metric, part)));
const share = (nanoseconds: Metric) =>
  is.value(nanoseconds, byGpu, (part) => sum(of(nanoseconds, part)) / 1e9);
const growth = (metric: Metric) =>
  is.value(metric, byGpu, (part) => sum(of(metric, part)) * part.window.seconds);
const watts = sum([...(VALUES.get(exporters.gpuPower) ?? [])]);

export const gpu: is.DashboardValues = {
  GPUs: [is.value(exporters.gpuUtilization, [], () => 2)],
  Busy: [
    is.value(exporters.gpuUtilization, [], (part) => mean(of(exporters.gpuUtilization, part))),
  ],
  Hottest: [is.value(exporters.gpuTemperature, [], () => 71)],
  Power: [is.value(exporters.gpuPower, [], () => watts)],
  "Tokens per joule": [
    is.value(exporters.gpuPower, [], (_, whole) => whole.rate(metrics.generationTokens) / watts),
  ],
  "GPUs with XID errors": [is.value(exporters.gpuXid, [], () => 1)],

  "Busy by GPU": [each(exporters.gpuUtilization)],
  "Requests in the engines": [is.sum(metrics.requestsRunning), is.sum(metrics.requestsWaiting)],
  "Memory by GPU": [
    is.value(
      exporters.gpuMemoryUsed,
      byGpu,
      (part) => sum(of(exporters.gpuMemoryUsed, part)) / 80_000,
    ),
  ],
  "Tokens of the engines": [is.rate(metrics.promptTokens), is.rate(metrics.generationTokens)],
  "Tensor cores and memory bandwidth": [
    exporters.gpuTensorActive,
    exporters.gpuDramActive,
    exporters.gpuGraphicsActive,
  ].map((metric) => is.value(metric, [], (part) => mean(of(metric, part)))),
  "NVLink traffic": [each(exporters.gpuNvlinkBandwidth)],

  "Power by GPU": [each(exporters.gpuPower)],
  "Tokens for a joule": [
    is.value(exporters.gpuEnergy, [], (_, whole) => whole.rate(metrics.generationTokens) / watts),
    is.value(
      exporters.gpuEnergy,
      [],
      (_, whole) =>
        (whole.rate(metrics.generationTokens) + whole.rate(metrics.promptTokens)) / watts,
    ),
  ],

  Temperature: [each(exporters.gpuTemperature)],
  "Memory temperature": [each(exporters.gpuMemoryTemperature)],
  Clock: [each(exporters.gpuClock)],
  Throttling: [
    share(exporters.gpuPowerThrottling),
    is.blank(share(exporters.gpuThermalThrottling), "Neither is too hot."),
  ],
  "XID errors": [each(exporters.gpuXid)],
  "Memory and link faults": [
    growth(exporters.gpuUncorrectableRows),
    each(exporters.gpuRowRemapFailure),
    growth(exporters.gpuPcieReplays),
  ],
};
