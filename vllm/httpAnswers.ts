/** HTTP answers without those to requests that a queue limit rejected. */
import { metrics } from "./catalogue/index.ts";
import { math, orZero } from "./math.ts";
import type { Promql } from "./promql.ts";
import { RECORDED_BY } from "./recorded.ts";

/**
 * HTTP answers per second: all of them, and those with status 5xx. Per server or, if the rules record them,
 * per job and model.
 */
export interface HttpAnswers {
  all: string;
  failed: string;
}

/**
 * The HTTP answers to requests that were admitted. A rejection is not a server error, although the server
 * answers it with 503 (seen on vLLM 0.32 with `--max-num-queued-reqs`): it is counted in
 * `vllm:admission_rejections_total` too, so it is subtracted from both. `failed` is never below 0.
 *
 * @param labels Other labels of the targets to keep.
 */
export function httpAnswers(q: Promql, labels: readonly string[] = []): HttpAnswers {
  // HTTP metrics have neither model nor engine as scraped; the rules that record them add the model.
  const by = [...(q.isRecorded ? RECORDED_BY : ["job", "instance"]), ...labels];
  // The builders know the labels of metrics, but not the labels that a stack gives its targets.
  const kept = { by: by as unknown as readonly ["job", "instance"] };
  const all = q.rate(metrics.httpRequests, kept);
  const answered5xx = q.rate(metrics.httpRequests, { ...kept, where: { status: "5xx" } });
  const rejected = q.rate(metrics.admissionRejections, kept);
  // Releases before 0.32 reject nothing.
  const admitted = (answers: string) => math`${answers} - ${orZero(rejected, answers)}`;
  return { all: admitted(all), failed: `clamp_min(${admitted(answered5xx)}, 0)` };
}
