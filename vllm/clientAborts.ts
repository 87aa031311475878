/** Client aborts, which vLLM counts in no metric: `finished_reason="abort"` stays 0. */
import { over } from "./aggregation.ts";
import { metrics } from "./catalogue/index.ts";
import type { LabelOf } from "./matchers.ts";
import type { perEngine } from "./metric.ts";
import { math, orZero, ratio } from "./math.ts";
import type { Promql } from "./promql.ts";
import { DROPPED_STREAMS } from "./recorded.ts";

interface ClientAbortOptions {
  /** Labels to keep; without any, everything is added up. */
  readonly by?: readonly LabelOf<typeof perEngine>[];
  /** A range other than the context's. */
  readonly window?: string;
}

/**
 * Streams whose client disconnected after the first token, in the window: requests that got their first
 * token, minus requests that finished for any reason, minus the growth of the number of running requests.
 * On a real vLLM 0.32 this was exact for long answers: 242 of 242 streams.
 *
 * Not exact, and never below 0:
 * - A short answer is often finished before the server notices that its client is gone, and counts as
 *   finished: in a recorded storm, 196 of 276 dropped streams were seen.
 * - A client that disconnects before the first token is in no metric, and is not counted here.
 * - Running requests that have no first token yet count as if they had one: the result is too low while
 *   their number grows, and too high while it shrinks.
 * - A request that failed before its first token hides an abort.
 * - If the number of running requests stays too high for a while (the recording `stuck-gauge`), the excess
 *   first hides that many aborts, and adds them once the gauge is right again.
 * - For an engine that restarted in the window, the result is 0: the restart cut its streams off.
 */
export function clientAborts(q: Promql, options: ClientAbortOptions = {}): string {
  const dropped = q.isRecorded ? q.increase(DROPPED_STREAMS, options) : droppedStreams(q, options);
  return `clamp_min(${dropped}, 0)`;
}

/** The same, but it may be below 0, so that it can be added up over time. */
export function droppedStreams(q: Promql, { by, ...range }: ClientAbortOptions = {}): string {
  const each = { by: EACH_ENGINE, ...range };
  const began = q.observations(metrics.timeToFirstToken, { ...each, per: "window" });
  const finished = q.increase(metrics.requestsFinished, each);
  const growth = orZero(q.growth(metrics.requestsRunning, each), began);
  const restarted = math`${q.resets(metrics.requestsFinished, each)} > 0`;
  const dropped = math`(${began} - ${finished} - ${growth} unless ${restarted}) or ${began} * 0`;
  return over("sum", dropped, by);
}

/** Client aborts as a share of the requests that ended in the window: finished or aborted. */
export function clientAbortRatio(q: Promql, options: ClientAbortOptions = {}): string {
  const aborted = clientAborts(q, options);
  return ratio(aborted, math`${aborted} + ${q.increase(metrics.requestsFinished, options)}`);
}

const EACH_ENGINE = ["job", "instance", "model_name", "engine"] as const;
