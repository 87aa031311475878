/** What the dashboard `vLLM / Capacity and workload` shows. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import { clientAbortShare, httpErrors, preempted, rejected } from "./shares.ts";

const byModel = { by: ["model_name"] };

const lengths = (metric: typeof metrics.requestPromptTokens) => [
  is.percentile(0.95, metric, byModel),
  is.mean(metric, byModel),
];

export const capacity: is.DashboardValues = {
  Requests: [is.positive(is.rate(metrics.requestsFinished))],
  "Prompt tokens": [is.positive(is.rate(metrics.promptTokens))],
  "Generated tokens": [is.positive(is.rate(metrics.generationTokens))],
  Running: [is.sum(metrics.requestsRunning)],
  Preemptions: [is.value(metrics.preemptions, [], preempted)],
  "Prefix cache hits": [
    is.ratio(metrics.prefixCacheQueries, [], (part) => [
      part.rate(metrics.prefixCacheHits),
      part.rate(metrics.prefixCacheQueries),
    ]),
  ],
  "Client aborts": [clientAbortShare([])],
  Rejected: [is.value(metrics.requestsFinished, [], rejected)],
  "HTTP 5xx": [is.value(metrics.httpRequests, [], httpErrors)],
  Engines: [{ ...is.count(metrics.requestsRunning), always: true }],

  "Mean time per phase": [
    is.mean(metrics.queueTime),
    is.mean(metrics.prefillTime),
    is.mean(metrics.decodeTime),
  ],
  "TTFT distribution": [is.distribution(metrics.timeToFirstToken)],
  "ITL distribution": [is.distribution(metrics.interTokenLatency)],
  "End-to-end distribution": [is.distribution(metrics.endToEndLatency)],
  "Time per output token (TPOT)": is.percentiles(metrics.requestTimePerOutputToken),

  "Prompt tokens by model": [is.rate(metrics.promptTokens, byModel)],
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
  "Answer length limit": lengths(metrics.requestMaxTokensParameter),
  "Answers per request": [is.mean(metrics.requestNParameter)],
  "Speed per request": [
    is.value(metrics.interTokenLatency, [], (part) => {
      const gap = part.mean(metrics.interTokenLatency);
      return gap === undefined ? undefined : 1 / gap;
    }),
  ],

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
