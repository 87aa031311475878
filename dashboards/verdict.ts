/** The verdict on each model: where its requests spend their time, or what is wrong. */
import { percent } from "../common/percent.ts";
import {
  CANARY_FAILURES,
  canaryFailing,
  clientAbortRatio,
  clientAborts,
  math,
  metrics,
  orZero,
  plus,
  ratio,
  type Promql,
} from "../vllm/index.ts";
import type { Word } from "./panels/index.ts";
import type { Queries } from "./queries.ts";
import { sleeping, stalled } from "./serverState.ts";
import type { Thresholds } from "./thresholds.ts";

/** The verdicts, the worst last. */
export const VERDICTS: readonly Word[] = [
  { value: 0, text: "No traffic", color: "text" },
  { value: 1, text: "Sleeping", color: "blue" },
  { value: 2, text: "Healthy", color: "green" },
  { value: 3, text: "Decode-bound", color: "orange" },
  { value: 4, text: "Prefill-bound", color: "orange" },
  { value: 5, text: "Queue-bound", color: "orange" },
  { value: 6, text: "KV-bound", color: "red" },
  { value: 7, text: "Client aborts", color: "orange" },
  { value: 8, text: "Admission", color: "red" },
  { value: 9, text: "Errors", color: "red" },
  { value: 10, text: "Not answering", color: "red" },
  { value: 11, text: "Stalled", color: "red" },
  { value: 12, text: "Down", color: "red" },
];

/** In five minutes. Fewer can come from a gauge that kept an old value for a while (see `clientAborts`). */
const SOME_ABORTS = 5;

/** What the verdicts mean, for the description of a panel that shows them. */
export function verdictsExplained(thresholds: Thresholds): string {
  return [
    "Down: Prometheus can scrape none of its servers.",
    "Sleeping: its weights are off the GPU, on request.",
    "Stalled: one of its engines has work, but makes no progress.",
    `Errors: at least ${percent(thresholds.errorRatio.critical)} of the finished requests failed.`,
    `Admission: a queue limit rejected at least ${percent(thresholds.rejectionRatio.critical)} of the requests.`,
    `Client aborts: clients disconnected from at least ${percent(thresholds.abortRatio.warning)} of the streams, and from at least ${SOME_ABORTS} in five minutes.`,
    `KV-bound: at least ${thresholds.preemptionRatio.warning} preemptions per request, or requests wait while an engine's cache is at least ${percent(thresholds.kvCacheUsage.warning)} full.`,
    `Queue-bound: requests spend at least ${percent(thresholds.queueShare.critical)} of their time in the queue, or more requests wait than run.`,
    `Prefill-bound: the first token takes at least ${thresholds.timeToFirstToken.warning} s on average, mostly for prefill.`,
    `Decode-bound: a token takes at least ${thresholds.interTokenLatency.warning} s on average.`,
    `Not answering: the canary's last ${CANARY_FAILURES} completions on one of its engines failed, and no verdict above explains it.`,
    "Healthy: requests finish, or tokens are generated.",
    "The first verdict that applies is shown.",
  ].join(" ");
}

/** The verdict by model, as the numbers of `VERDICTS`. */
export function verdict(queries: Queries, thresholds: Thresholds): string {
  const { now, lastKnown } = queries;
  const by = BY;
  const known = evidence(now);
  const { failed, rejected, aborted, preempted, kvCache, waiting, queueShare } = known;
  const { firstToken, perToken } = known;
  const there = now.engines({ by });
  const running = now.sum(metrics.requestsRunning, { by });
  const prefill = now.mean(metrics.prefillTime, { by });
  const queue = now.mean(metrics.queueTime, { by });
  const finished = now.rate(metrics.requestsFinished, { by });
  const generated = now.rate(metrics.generationTokens, { by });
  const rules: [verdict: string, condition: string][] = [
    // First, since five-minute rates still include a server that is gone.
    ["Down", math`${lastKnown} unless on (model_name) (${there})`],
    ["Sleeping", sleeping(now, by)],
    ["Stalled", stalled(queries, by)],
    ["Errors", math`${failed} >= ${thresholds.errorRatio.critical}`],
    ["Admission", math`${rejected} >= ${thresholds.rejectionRatio.critical}`],
    [
      "Client aborts",
      math`${aborted} >= ${thresholds.abortRatio.warning} and ${clientAborts(now, { by })} >= ${SOME_ABORTS}`,
    ],
    ["KV-bound", math`${preempted} >= ${thresholds.preemptionRatio.warning}`],
    ["KV-bound", math`${kvCache} >= ${thresholds.kvCacheUsage.warning} and ${waiting} > 0`],
    ["Queue-bound", math`${queueShare} >= ${thresholds.queueShare.critical}`],
    // With long answers and a full queue, it may take a while until any request ends.
    ["Queue-bound", math`${waiting} > ${running}`],
    [
      "Prefill-bound",
      math`${firstToken} >= ${thresholds.timeToFirstToken.warning} and ${prefill} > ${queue}`,
    ],
    ["Decode-bound", math`${perToken} >= ${thresholds.interTokenLatency.warning}`],
    ["Not answering", math`${canaryFailing(now, by)} and ${there}`],
    // An embedding model generates no token.
    ["Healthy", math`(${finished} > 0 or ${generated} > 0) and ${there}`],
    ["No traffic", there],
  ];
  return rules
    .map(([verdict, condition]) => math`${condition} * 0 + ${numberOf(verdict)}`)
    .join(" or ");
}

function numberOf(verdict: string): number {
  return VERDICTS.findIndex(({ text }) => text === verdict);
}

/** The numbers behind a verdict, by model. */
export function evidence(q: Promql) {
  const by = BY;
  const finished = q.rate(metrics.requestsFinished, { by });
  const rejections = q.rate(metrics.admissionRejections, { by });
  const failures = q.rate(metrics.requestsFinished, { by, where: { finished_reason: "error" } });
  return {
    rejected: ratio(orZero(rejections, finished), plus(finished, rejections)),
    aborted: clientAbortRatio(q, { by }),
    failed: ratio(orZero(failures, finished), finished),
    preempted: ratio(q.rate(metrics.preemptions, { by }), finished),
    kvCache: q.max(metrics.kvCacheUsage, { by }),
    waiting: q.sum(metrics.requestsWaiting, { by }),
    queueShare: ratio(q.total(metrics.queueTime, { by }), q.total(metrics.endToEndLatency, { by })),
    firstToken: q.mean(metrics.timeToFirstToken, { by }),
    perToken: q.mean(metrics.interTokenLatency, { by }),
  };
}

const BY = ["model_name"] as const;
