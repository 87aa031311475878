/**
 * Whether servers answer and make progress, as numbers. The dashboards map these numbers to words.
 */
import { metrics } from "../../vllm/index.ts";
import type { Expected } from "./expected.ts";
import { HUNG } from "./fleet.ts";
import type { FleetPart } from "./fleetPart.ts";

export const [DOWN, SLEEPING, STALLED, ONLINE] = [0, 1, 2, 3] as const;

/** The state of each instance or each engine, including the dead instances. */
export function stateByInstance(...more: ("model_name" | "engine")[]): Expected {
  const by = ["instance", ...more];
  return {
    ...{ by, of: metrics.requestsRunning },
    parts: (whole) => [...whole.by(by, metrics.requestsRunning), ...whole.dead("vllm")],
    value: stateOf,
  };
}

/** The state of each model that was seen in the last hour. */
export function stateByModel(): Expected {
  return { by: ["model_name"], of: metrics.requestsRunning, seen: 3600, value: stateOf };
}

export function stateOf(part: FleetPart): number {
  if (part.dead().length === part.servers.length) return DOWN;
  const awake = part.levels(metrics.sleepState, { sleep_state: "awake" });
  if (Math.max(...awake) === 0) return SLEEPING;
  return stalledEngines(part) > 0 ? STALLED : ONLINE;
}

/** The engines that the test made hang. This is what happened, not what their metrics say. */
export function stalledEngines(part: FleetPart): number {
  return part
    .by(["instance", "engine"], metrics.requestsRunning)
    .filter(({ labels: { instance = "", engine } }) => `${HUNG[instance]}` === engine).length;
}
