/** Whether servers answer and get on with their work, as the numbers that boards show words for. */
import { metrics } from "../../vllm/index.ts";
import type { Expected } from "./expected.ts";
import type { Part } from "./part.ts";

const [DOWN, SLEEPING, STALLED, ONLINE] = [0, 1, 2, 3];

/** Of each instance, the dead ones of other models too: no metric is left that tells their model. */
export function stateByInstance(window?: number): Expected {
  return {
    ...{ by: ["instance"], of: metrics.requestsRunning },
    ...(window !== undefined && { window }),
    parts: (whole) => [...whole.by(["instance"], metrics.requestsRunning), ...whole.dead("vllm")],
    value: state,
  };
}

/** Of each model that was there in the last hour. */
export function stateByModel(window?: number): Expected {
  return {
    ...{ by: ["model_name"], of: metrics.requestsRunning, seen: 3600 },
    ...(window !== undefined && { window }),
    value: state,
  };
}

function state(part: Part): number {
  if (part.dead().length === part.servers.length) return DOWN;
  const awake = part.levels(metrics.sleepState, { sleep_state: "awake" });
  if (Math.max(...awake) === 0) return SLEEPING;
  return isStalled(part) ? STALLED : ONLINE;
}

/** It has requests, and did no step in the window. */
export function isStalled(part: Part): boolean {
  const asked = part.level(metrics.requestsRunning) + part.level(metrics.requestsWaiting);
  return asked > 0 && part.rate(metrics.iterationTokens) === 0;
}
