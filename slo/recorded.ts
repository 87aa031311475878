/** The series that Prometheus records for objectives and targets, and that dashboards and alerts read. */

/** The windows of burn rates. */
export type BurnWindow = "5m" | "30m" | "1h" | "2h" | "6h" | "1d" | "3d";

/** The longest of them: Prometheus must keep samples for at least this long. */
export const LONGEST_WINDOW = "3d" satisfies BurnWindow;

/**
 * The model of each vLLM target, kept by a rule while the target is down: a server that does not answer
 * does not report its model either.
 */
export const MODEL_OF_TARGET = "instance_model:vllm_target:last";

/** The Unix time at which each vLLM server started. */
export const START_TIME = "instance_model:vllm_start_time:seconds";

/** Number of targets per job and model; a target counts for the model that it has or last had. */
export const TARGETS = "job_model:vllm_targets:count";

/** 1 for each engine that hangs: no step, and a second witness that it has work. */
export const STALLED = "engine:vllm_stalled:bool";

/** 1 while any server of a model exposes metrics, 0 while every server that should do so is gone. */
export const AVAILABLE = "model:vllm_available:bool";

/** The share of bad events that an objective allows: its budget. */
export const BUDGET = "objective:slo_budget:ratio";

/** Events per second for each objective, and the bad events among them. */
export const EVENTS = "model_objective:slo_events:rate5m";
export const BAD_EVENTS = "model_objective:slo_bad_events:rate5m";

/**
 * The burn rate: bad events as a multiple of the allowed rate. 1 spends the budget in exactly its window.
 */
export function burnRate(window: BurnWindow) {
  return `model_objective:slo_burn:ratio_rate${window}` as const;
}

/** The share of a budget that is left; negative if it is overspent. */
export const BUDGET_LEFT = "model_objective:slo_budget_left:ratio";

/** Seconds until a budget is spent at the rate of the last hour; no series while nothing is being spent. */
export const EXHAUSTION = "model_objective:slo_budget_exhaustion:seconds";
