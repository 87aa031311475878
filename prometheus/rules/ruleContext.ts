import { durationScale, type ScaleDuration } from "../../common/timeScale.ts";
import { OTHER_JOBS } from "../../common/jobs.ts";
import { MODEL_OF_TARGET } from "../../slo/recorded.ts";
import { math, not, promql, type Promql, exporters } from "../../vllm/index.ts";
import type { RuleOptions } from "./ruleOptions.ts";

/** The shortest window of all rules: two scrapes must fit in it. */
export const SHORTEST_WINDOW = "5m";

/** What all rules are built with. */
export interface RuleContext {
  /** Query builders with the shortest window of all rules. */
  q: Promql;
  time: ScaleDuration;
  by: typeof KEPT_LABELS;
  options: RuleOptions;
}

export function ruleContext(options: RuleOptions): RuleContext {
  const { histograms, oldestVersion, customBuckets } = options;
  const time = durationScale(options.timeScale);
  const window = time(SHORTEST_WINDOW);
  const q = promql({
    histograms,
    window,
    customBuckets,
    ...(oldestVersion && { oldestVersion }),
  });
  return { q, time, by: withLabels(options.targetLabels), options };
}

/**
 * Label sets that rules keep, from coarse to fine. In a context they also include the labels of the
 * targets.
 */
export const KEPT_LABELS = {
  model: ["model_name"],
  instance: ["job", "instance", "model_name"],
  engine: ["job", "instance", "model_name", "engine"],
} as const;

/** Series and alerts about one target keep its labels, so that routes can match them. */
function withLabels(labels: readonly string[]): typeof KEPT_LABELS {
  const { model, instance, engine } = KEPT_LABELS;
  // The builders know the labels of metrics, but not the labels that a stack gives its targets.
  return {
    model,
    instance: [...instance, ...labels],
    engine: [...engine, ...labels],
  } as unknown as typeof KEPT_LABELS;
}

/** Targets that should answer as vLLM: all but the stack's own servers and the GPU exporters. */
export const VLLM_JOBS = { job: not(OTHER_JOBS) };

/** Whether the last scrape of each vLLM target succeeded. */
export function targetsUp(q: Promql): string {
  return q.series(exporters.up, { where: VLLM_JOBS });
}

/** One model per target, even if the target has two. */
const ONE_MODEL_OF_TARGET = `topk by (job, instance) (1, ${MODEL_OF_TARGET})`;

/** A query by `job` and `instance`, with the label `model_name` of the model served there. */
export function withModel(query: string): string {
  return math`${query} * on (job, instance) group_left (model_name) ${ONE_MODEL_OF_TARGET}`;
}
