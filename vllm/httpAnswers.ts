/** HTTP answers without those to requests that a queue limit rejected. */
import { metrics } from "./catalogue/index.ts";
import { math, orZero } from "./math.ts";
import type { Promql } from "./promql.ts";
import { RECORDED_BY } from "./recorded.ts";

/**
 * HTTP answers per second: all of them, and those with status 5xx. Of each server or, where the rules
 * record them, of each job and model.
 */
export interface HttpAnswers {
  all: string;
  failed: string;
}

/**
 * The HTTP answers to requests that were admitted. A rejection is no server error, although it is
 * answered with 503 (seen on vLLM 0.32 with `--max-num-queued-reqs`): it is counted in
 * `vllm:admission_rejections_total` too, so it is subtracted from both. `failed` is never below 0.
 *
 * @param labels Other labels of the targets to keep.
 */
export function httpAnswers(q: Promql, labels: readonly string[] = []): HttpAnswers {
  // The scrape tells of HTTP neither model nor engine; the rules that record it add the model.
  const by = [...(q.isRecorded ? RECORDED_BY : ["job", "instance"]), ...labels];
  // The builders know the labels of metrics, and not what a stack's targets are given.
  const kept = { by: by as unknown as readonly ["job", "instance"] };
  const all = q.rate(metrics.httpRequests, kept);
  const answered5xx = q.rate(metrics.httpRequests, { ...kept, where: { status: "5xx" } });
  const rejected = q.rate(metrics.admissionRejections, kept);
  // Releases before 0.32 reject nothing.
  const admitted = (answers: string) => math`${answers} - ${orZero(rejected, answers)}`;
  return { all: admitted(all), failed: `clamp_min(${admitted(answered5xx)}, 0)` };
}
