/** What holds a model's requests up, by rules on its numbers. */
import { percent } from "../common/percent.ts";
import { math, metrics, orZero, plus, ratio, type Promql } from "../vllm/index.ts";
import type { Word } from "./panels/index.ts";
import { stalled } from "./state.ts";
import type { Thresholds } from "./thresholds.ts";

/** The verdicts. Of several that hold, the one with the greatest number is given. */
export const VERDICTS: readonly Word[] = [
  { value: 0, text: "No traffic", color: "text" },
  { value: 1, text: "Healthy", color: "green" },
  { value: 2, text: "Decode-bound", color: "orange" },
  { value: 3, text: "Prefill-bound", color: "orange" },
  { value: 4, text: "Queue-bound", color: "orange" },
  { value: 5, text: "KV-bound", color: "red" },
  { value: 6, text: "Client aborts", color: "orange" },
  { value: 7, text: "Admission", color: "red" },
  { value: 8, text: "Stalled", color: "red" },
];

/** How verdicts are reached, for the description of a panel that shows them. */
export function verdictsExplained(thresholds: Thresholds): string {
  return [
    "Stalled: it has requests, but has not done a step for two minutes.",
    `Admission: a queue limit turned away ${percent(thresholds.rejectionRatio.critical)} of the requests or more.`,
    `Client aborts: ${percent(thresholds.abortRatio.warning)} or more were given up.`,
    `KV-bound: ${thresholds.preemptionRatio.warning} preemptions per request or more, or requests wait while an engine's cache is ${percent(thresholds.kvCacheUsage.warning)} full.`,
    `Queue-bound: ${percent(thresholds.queueShare.critical)} of a request's time or more is waiting.`,
    `Prefill-bound: the first token takes ${thresholds.timeToFirstToken.warning} s or more on average, most of it reading the prompt.`,
    `Decode-bound: a token takes ${thresholds.interTokenLatency.warning} s or more on average.`,
    "The first that holds counts.",
  ].join(" ");
}

/** The verdict by model, as the numbers of `VERDICTS`. */
export function verdict(q: Promql, thresholds: Thresholds): string {
  const { rejected, aborted, preempted, kvCache, waiting, queueShare, firstToken, perToken } =
    evidence(q);
  const mean = (metric: typeof metrics.queueTime) => q.mean(metric, { by: BY });
  return math`${stalled(q, BY)} * 0 + 8 or (${rejected} >= ${thresholds.rejectionRatio.critical}) * 0 + 7 or (${aborted} >= ${thresholds.abortRatio.warning}) * 0 + 6 or (${preempted} >= ${thresholds.preemptionRatio.warning}) * 0 + 5 or (${kvCache} >= ${thresholds.kvCacheUsage.warning} and ${waiting} > 0) * 0 + 5 or (${queueShare} >= ${thresholds.queueShare.critical}) * 0 + 4 or (${firstToken} >= ${thresholds.timeToFirstToken.warning} and ${mean(metrics.prefillTime)} > ${mean(metrics.queueTime)}) * 0 + 3 or (${perToken} >= ${thresholds.interTokenLatency.warning}) * 0 + 2 or (${q.rate(metrics.generationTokens, { by: BY })} > 0) * 0 + 1 or ${q.group(metrics.requestsRunning, { by: BY })} * 0`;
}

/** The numbers behind a verdict, by model. */
export function evidence(q: Promql) {
  const by = BY;
  const finished = q.rate(metrics.requestsFinished, { by });
  const rejections = q.rate(metrics.admissionRejections, { by });
  const ended = (finished_reason: "abort" | "error") =>
    ratio(
      orZero(q.rate(metrics.requestsFinished, { by, where: { finished_reason } }), finished),
      finished,
    );
  return {
    rejected: ratio(orZero(rejections, finished), plus(finished, rejections)),
    aborted: ended("abort"),
    failed: ended("error"),
    preempted: ratio(q.rate(metrics.preemptions, { by }), finished),
    kvCache: q.max(metrics.kvCacheUsage, { by }),
    waiting: q.sum(metrics.requestsWaiting, { by }),
    queueShare: ratio(q.total(metrics.queueTime, { by }), q.total(metrics.endToEndLatency, { by })),
    firstToken: q.mean(metrics.timeToFirstToken, { by }),
    perToken: q.mean(metrics.interTokenLatency, { by }),
  };
}

const BY = ["model_name"] as const;
