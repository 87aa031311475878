/**
 * A fleet as an operator may see it on a bad day. The dashboards are viewed with its data.
 */
import { demoFleet } from "../../../lab/simulator/demo.ts";
import { createFleet, type Fleet } from "../../../lab/simulator/fleet.ts";
import { formatExposition } from "../../../vllm/exposition.ts";
import { exporters, familyName, type Metric } from "../../../vllm/index.ts";

/** Seconds from the fleet's start to the time at which the dashboards are viewed. */
export const PAST = 4200;

/** Seconds between two scrapes. */
export const SCRAPE = 30;

/**
 * The demo's two models, one of them with a third server that died, and three more models: one whose
 * requests share long prompts through KV connectors of every kind, one that is overloaded, and one that
 * was put to sleep.
 */
export function realisticFleet(epoch: number): Fleet {
  return createFleet({
    ...{ seed: demoFleet.seed, remember: 0, epoch },
    servers: [
      ...demoFleet.servers,
      {
        ...{ name: "llama-c", model: "llama-3.1-8b-instruct", workload: { rate: 1.5 } },
        changes: [{ at: PAST - 700, do: "kill" }],
      },
      ...(["remoteCache", "hostCache"] as const).map((scenario, index) => ({
        ...{ name: `mistral-${"ab"[index] ?? ""}`, model: "mistral-small-24b", scenario },
        ...{ apiServers: 2, workload: { rate: 2.2 } },
        engine: { transferFailures: 0.05, transferSpeed: 0.1 },
      })),
      {
        ...{ name: "phi", model: "phi-4", scenario: "rejecting" as const },
        workload: { rate: 2, bursts: { every: 1500, lasting: 15, factor: 4 } },
        engine: { maxRunning: 16 },
      },
      {
        ...{ name: "gemma", model: "gemma-3-27b", workload: { rate: 1 } },
        changes: [
          { at: 1500, do: "sleep", level: 1 },
          { at: 2400, do: "wake" },
          { at: 3600, do: "sleep", level: 1 },
        ],
      },
    ],
  });
}

/** The energy that a GPU has used since a day before the fleet's start: the integral of its power. */
function joules(time: number, gpu: number): number {
  const waves = (at: number) => -PERIOD * Math.cos(at / PERIOD + gpu * 1.5);
  const watts = IDLE_WATTS + LOAD_WATTS * 0.5;
  return watts * (86_400 + time) + LOAD_WATTS * 0.4 * (waves(time) - waves(-86_400));
}

const [IDLE_WATTS, LOAD_WATTS] = [110, 480];

/** Seconds in which a GPU's load oscillation advances by one radian. */
const PERIOD = 420;

/** The metrics page of two made-up GPUs, `time` seconds after the fleet's start. */
export function gpuPage(time: number): string {
  const load = (gpu: number) => 0.5 + 0.4 * Math.sin(time / PERIOD + gpu * 1.5);
  const grown = (rate: number) => (gpu: number) => rate * (86_400 + time) * (1 + gpu / 4);
  const values = new Map<Metric, (gpu: number) => number>([
    [exporters.gpuUtilization, (gpu) => Math.round(100 * load(gpu))],
    [exporters.gpuMemoryUsed, (gpu) => 70_000 + 4000 * gpu],
    [exporters.gpuMemoryFree, (gpu) => 11_000 - 4000 * gpu],
    [exporters.gpuTemperature, (gpu) => Math.round(42 + 35 * load(gpu))],
    [exporters.gpuMemoryTemperature, (gpu) => Math.round(48 + 36 * load(gpu))],
    [exporters.gpuPower, (gpu) => IDLE_WATTS + LOAD_WATTS * load(gpu)],
    [exporters.gpuEnergy, (gpu) => 1000 * joules(time, gpu)],
    [exporters.gpuClock, (gpu) => Math.round(1980 - 200 * load(gpu))],
    [exporters.gpuXid, () => 0],
    [exporters.gpuPcieReplays, grown(0.01)],
    [exporters.gpuNvlinkBandwidth, grown(9000)],
    [exporters.gpuUncorrectableRows, () => 0],
    [exporters.gpuRowRemapFailure, () => 0],
    [exporters.gpuPowerThrottling, grown(2e7)],
    [exporters.gpuThermalThrottling, grown(1e6)],
    [exporters.gpuGraphicsActive, load],
    [exporters.gpuTensorActive, (gpu) => 0.6 * load(gpu)],
    [exporters.gpuDramActive, (gpu) => 0.8 * load(gpu)],
  ]);
  return formatExposition(
    [...values].map(([metric, value]) => ({
      ...{ name: familyName(metric), type: metric.type, help: metric.help },
      samples: [0, 1].map((gpu) => ({
        name: familyName(metric),
        labels: { gpu: `${gpu}`, Hostname: "gpu-host" },
        value: value(gpu),
      })),
    })),
  );
}
