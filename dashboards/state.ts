/** Whether servers answer, and whether they get on with their work. */
import { OTHER_JOBS } from "../common/jobs.ts";
import { exporters, math, metrics, type Promql } from "../vllm/index.ts";
import type { Word } from "./panels/index.ts";

/** The states, worst first. */
export const STATES: readonly Word[] = [
  { value: 0, text: "Down", color: "red" },
  { value: 1, text: "Sleeping", color: "blue" },
  { value: 2, text: "Stalled", color: "orange" },
  { value: 3, text: "Online", color: "green" },
];

/** How states are read, for the description of a panel that shows them. */
export const STATES_EXPLAINED =
  "Online: it answers. Stalled: it has requests, but has not done a step for two minutes. Sleeping: its weights are off the GPU, as somebody asked. Down: it gives no metrics.";

type By = readonly ("model_name" | "instance")[];

/**
 * The state by some labels, as the numbers of `STATES`. `down` gives a series of any value for each
 * that should be there, so that what gives no metrics is seen at all.
 */
export function state(
  q: Promql,
  by: By,
  { down, window }: { down: string; window?: string },
): string {
  return math`${sleeping(q, by)} * 0 + 1 or ${idleWithRequests(q, by, window)} * 0 + 2 or ${q.group(metrics.requestsRunning, { by })} * 3 or ${down} * 0`;
}

/** Those that are stalled, as `state` has it, with any value. */
export function stalled(q: Promql, by: By): string {
  return math`${idleWithRequests(q, by)} unless ${sleeping(q, by)}`;
}

function sleeping(q: Promql, by: By): string {
  return math`${q.max(metrics.sleepState, { by, where: { sleep_state: "awake" } })} == 0`;
}

/** Requests run or wait, but no step is done. */
function idleWithRequests(q: Promql, by: By, window = "2m"): string {
  const asked = math`${q.sum(metrics.requestsRunning, { by })} + ${q.sum(metrics.requestsWaiting, { by })}`;
  return math`${asked} > 0 and ${q.observations(metrics.iterationTokens, { by, window })} == 0`;
}

/**
 * The models of the last days, dead ones too: who was there on the half hour, or in the last hour.
 * Cheap in spite of the span, since only those moments are looked at.
 */
export function rememberedModels(q: Promql): string {
  const at = (window: string) => q.group(metrics.requestsRunning, { by: ["model_name"], window });
  return math`${at("7d:30m")} or ${at("1h:1m")}`;
}

/** The chosen vLLM servers that should give metrics and do not. */
export function instancesDown(q: Promql): string {
  const other = q.series(exporters.up, { where: { job: OTHER_JOBS } });
  return math`max by (instance) (${q.series(exporters.up)} == 0 unless on (job, instance) ${other})`;
}
