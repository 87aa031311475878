/** What the board `vLLM / Overview` shows. */
import assert from "node:assert/strict";
import { VERDICTS } from "../../dashboards/verdict.ts";
import { thresholds } from "../../dashboards/thresholds.ts";
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { Part } from "./part.ts";
import { kept } from "./promises.ts";
import { DOWN, SLEEPING, STALLED, stalledEngines, state } from "./states.ts";

const LEVELS = thresholds.parse({});
const byModel = { by: ["model_name"] };
const error = { finished_reason: "error" };
const abort = { finished_reason: "abort" };

const NO_ABORTS = "Only releases older than these servers' count any.";

const failed = (part: Part) =>
  is.share(part.rate(metrics.requestsFinished, error), part.rate(metrics.requestsFinished));
const aborted = (part: Part) =>
  is.share(part.rate(metrics.requestsFinished, abort), part.rate(metrics.requestsFinished));
const preempted = (part: Part) =>
  is.share(part.rate(metrics.preemptions), part.rate(metrics.requestsFinished));
const rejected = (part: Part) => {
  const rejections = part.rate(metrics.admissionRejections);
  return is.share(rejections, part.rate(metrics.requestsFinished) + rejections);
};
const queueShare = (part: Part) =>
  is.share(part.total(metrics.queueTime), part.total(metrics.endToEndLatency));

/** Whether more requests wait than run. */
const isQueueing = (part: Part) =>
  part.level(metrics.requestsWaiting) > part.level(metrics.requestsRunning);

const isAtWork = (part: Part) =>
  part.rate(metrics.requestsFinished) > 0 || part.rate(metrics.generationTokens) > 0;

/** The rules of the verdict: the first that holds. */
function verdictOn(part: Part): string {
  const from = (value: number | undefined, level: number) => value !== undefined && value >= level;
  const { queueTime, prefillTime, timeToFirstToken, interTokenLatency } = metrics;
  const kvCache = Math.max(...part.levels(metrics.kvCacheUsage));
  const prefills = (part.mean(prefillTime) ?? 0) > (part.mean(queueTime) ?? 0);
  if (state(part) === DOWN) return "Down";
  if (state(part) === SLEEPING) return "Sleeping";
  if (state(part) === STALLED) return "Stalled";
  if (from(failed(part), LEVELS.errorRatio.critical)) return "Errors";
  if (from(rejected(part), LEVELS.rejectionRatio.critical)) return "Admission";
  if (from(aborted(part), LEVELS.abortRatio.warning)) return "Client aborts";
  if (from(preempted(part), LEVELS.preemptionRatio.warning)) return "KV-bound";
  if (from(kvCache, LEVELS.kvCacheUsage.warning) && part.level(metrics.requestsWaiting) > 0)
    return "KV-bound";
  if (from(queueShare(part), LEVELS.queueShare.critical) || isQueueing(part)) return "Queue-bound";
  if (from(part.mean(timeToFirstToken), LEVELS.timeToFirstToken.warning) && prefills)
    return "Prefill-bound";
  if (from(part.mean(interTokenLatency), LEVELS.interTokenLatency.warning)) return "Decode-bound";
  return isAtWork(part) ? "Healthy" : "No traffic";
}

/** What must come out of the rules, so that both do not err alike. */
const VERDICT_OF: Readonly<Record<string, string>> = {
  gone: "Down",
  asleep: "Sleeping",
  stuck: "Stalled",
  half: "Stalled",
  mistral: "Errors",
  small: "Admission",
  qwen: "KV-bound",
  queue: "Queue-bound",
  backlog: "Queue-bound",
  prefill: "Prefill-bound",
  decode: "Decode-bound",
  coder: "Healthy",
  embedding: "Healthy",
  llama: "Healthy",
  unused: "No traffic",
};

function verdict(part: Part): number {
  const word = verdictOn(part);
  const { model_name = "" } = part.labels;
  assert.equal(word, VERDICT_OF[model_name] ?? word, `The fleet's ${model_name} is not as meant.`);
  return VERDICTS.findIndex(({ text }) => text === word);
}

const lengths = (metric: typeof metrics.requestPromptTokens) => [
  is.percentile(0.95, metric, byModel),
  is.mean(metric, byModel),
];

export const overview: is.BoardValues = {
  Requests: [is.positive(is.rate(metrics.requestsFinished))],
  "Prompt tokens": [is.positive(is.rate(metrics.promptTokens))],
  "Generated tokens": [is.positive(is.rate(metrics.generationTokens))],
  Errors: [is.value(metrics.requestsFinished, [], failed)],
  "TTFT P95": [is.quantile(0.95, metrics.timeToFirstToken)],
  "ITL P95": [is.quantile(0.95, metrics.interTokenLatency)],
  "E2E P95": [is.quantile(0.95, metrics.endToEndLatency)],
  "Targets down": [is.targetsDown("vllm")],
  Running: [is.sum(metrics.requestsRunning)],
  Waiting: [is.sum(metrics.requestsWaiting)],
  "Fullest KV cache": [is.max(metrics.kvCacheUsage)],
  Preemptions: [is.value(metrics.preemptions, [], preempted)],
  "Prefix cache hits": [
    is.ratio(metrics.prefixCacheQueries, [], (part) => [
      part.rate(metrics.prefixCacheHits),
      part.rate(metrics.prefixCacheQueries),
    ]),
  ],
  "Given up": [is.blank(is.value(metrics.requestsFinished, [], aborted), NO_ABORTS)],
  "Turned away": [is.value(metrics.requestsFinished, [], rejected)],
  "HTTP 5xx": [
    is.value(metrics.httpRequests, [], (part) =>
      is.share(part.rate(metrics.httpRequests, { status: "5xx" }), part.rate(metrics.httpRequests)),
    ),
  ],
  "Stalled engines": [
    {
      ...{ by: [], of: metrics.requestsRunning, parts: (whole) => [whole] },
      value: stalledEngines,
    },
  ],
  Engines: [{ ...is.count(metrics.requestsRunning), always: true }],

  "What holds each model up": [
    { by: ["model_name"], of: metrics.requestsRunning, seen: 3600, value: verdict },
    is.positive(is.rate(metrics.requestsFinished, byModel)),
    is.positive(is.rate(metrics.generationTokens, byModel)),
    is.sum(metrics.requestsWaiting, byModel),
    is.max(metrics.kvCacheUsage, byModel),
    is.value(metrics.preemptions, ["model_name"], preempted),
    is.value(metrics.queueTime, ["model_name"], queueShare),
    is.quantile(0.95, metrics.timeToFirstToken, byModel),
    is.quantile(0.95, metrics.interTokenLatency, byModel),
    is.value(metrics.requestsFinished, ["model_name"], failed),
    is.blank(is.value(metrics.requestsFinished, ["model_name"], aborted), NO_ABORTS),
    is.value(metrics.requestsFinished, ["model_name"], rejected),
  ],

  Available: [kept.available],
  "No errors": [kept.noErrors],
  "First token within 1 s": [kept.firstToken],
  "Tokens within 0.1 s": [kept.tokens],
  "Done within 240 s": [kept.done],

  "Time to first token (TTFT)": is.percentiles(metrics.timeToFirstToken),
  "Inter-token latency (ITL)": is.percentiles(metrics.interTokenLatency),
  "Time per output token (TPOT)": is.percentiles(metrics.requestTimePerOutputToken),
  "End-to-end latency": is.percentiles(metrics.endToEndLatency),
  "Queue time": is.percentiles(metrics.queueTime),
  "Mean time per phase": [
    is.mean(metrics.queueTime),
    is.mean(metrics.prefillTime),
    is.mean(metrics.decodeTime),
  ],
  "TTFT distribution": [is.distribution(metrics.timeToFirstToken)],
  "ITL distribution": [is.distribution(metrics.interTokenLatency)],
  "End-to-end distribution": [is.distribution(metrics.endToEndLatency)],

  "Prompt tokens by model": [is.rate(metrics.promptTokens, byModel)],
  "Generated tokens by model": [is.rate(metrics.generationTokens, byModel)],
  "Requests by how they end": [is.rate(metrics.requestsFinished, { by: ["finished_reason"] })],

  "Requests running and waiting": [
    is.sum(metrics.requestsRunning),
    is.sum(metrics.requestsWaitingByReason, { by: ["reason"] }),
  ],
  "KV cache usage": [
    is.max(metrics.kvCacheUsage),
    is.average(metrics.kvCacheUsage),
    is.blank(is.min(metrics.kvCacheUsage), "Some engine is always idle."),
  ],
  "Preemptions by model": [is.rate(metrics.preemptions, byModel)],
  "Tokens per engine step": [is.distribution(metrics.iterationTokens)],

  "Cache hit rates": [
    is.ratio(metrics.prefixCacheQueries, [], (part) => [
      part.rate(metrics.prefixCacheHits),
      part.rate(metrics.prefixCacheQueries),
    ]),
    is.ratio(metrics.externalPrefixCacheQueries, [], (part) => [
      part.rate(metrics.externalPrefixCacheHits),
      part.rate(metrics.externalPrefixCacheQueries),
    ]),
    is.ratio(metrics.multiModalCacheQueries, [], (part) => [
      part.rate(metrics.multiModalCacheHits),
      part.rate(metrics.multiModalCacheQueries),
    ]),
  ],
  "Prompt tokens by source": [is.rate(metrics.promptTokensBySource, { by: ["source"] })],

  "Prompt length": lengths(metrics.requestPromptTokens),
  "Answer length": lengths(metrics.requestGenerationTokens),
  "Prompt tokens computed per request": lengths(metrics.requestPrefillComputedTokens),
  "Answer length asked for": lengths(metrics.requestMaxTokensParameter),
  "Answers asked for per request": [is.mean(metrics.requestNParameter)],
  "Tokens that users receive": [
    is.value(metrics.interTokenLatency, [], (part) => {
      const gap = part.mean(metrics.interTokenLatency);
      return gap === undefined ? undefined : 1 / gap;
    }),
  ],

  "HTTP answers by status": [is.rate(metrics.httpRequests, { by: ["status"] })],
  "HTTP requests by path": [is.rate(metrics.httpRequests, { by: ["handler", "method"] })],
  "Mean HTTP duration by path": [is.mean(metrics.httpDurationByHandler, { by: ["handler"] })],
  "HTTP duration": [
    is.percentile(0.95, metrics.httpDuration),
    is.percentile(0.5, metrics.httpDuration),
    is.mean(metrics.httpDuration),
  ].map((expected) => ({ ...expected, anyModel: true })),
  "Tool calls parsed": [
    is.rate(metrics.toolCallParserInvocations, { by: ["outcome", "mode", "request_type"] }),
  ],
  "Realtime connections": [
    is.sum(metrics.webSocketsActive),
    is.value(metrics.webSockets, [], (part) => 60 * part.rate(metrics.webSockets)),
    is.mean(metrics.webSocketDuration),
  ].map((expected) => ({ ...expected, anyModel: true })),

  "Rejections by reason": [is.rate(metrics.admissionRejections, { by: ["model_name", "reason"] })],
  "Corrupted requests": [is.increase(metrics.corruptedRequests, { by: ["instance"] })],
  "Preemptions per request": [is.mean(metrics.requestPreemptions)],
  "Watermarked requests": [is.rate(metrics.watermarkRequests, { by: ["status"] })],
  "Diffusion models": [metrics.denoisingSteps, metrics.canvasPositions].map((each) =>
    is.ratio(each, [], (part) => [part.rate(metrics.committedTokens), part.rate(each)]),
  ),
};
