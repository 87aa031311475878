/** What vLLM records about a request at each stage of its life. */
import type { EngineMetrics } from "./engineMetrics.ts";
import type { Call, Request } from "./request.ts";

/** The first admission, with the tokens that the caches had. */
export function recordAdmission(metrics: EngineMetrics, request: Request, external: boolean): void {
  const { promptTokens, cachedTokens, externalTokens, externalSource, images } = request;
  metrics.prefixQueries.add(promptTokens);
  metrics.prefixHits.add(cachedTokens);
  metrics.cachedTokensBy.device.add(cachedTokens);
  metrics.cachedTokensBy[externalSource].add(externalTokens);
  if (external) metrics.externalQueries.add(promptTokens - cachedTokens);
  metrics.externalHits.add(externalTokens);
  metrics.imageQueries.add(images);
}

/** The prompt is computed and the first token exists. Returns the number of prompt tokens computed. */
export function recordFirstToken(metrics: EngineMetrics, request: Request, now: number): number {
  const { call, promptTokens, cachedTokens, externalTokens } = request;
  metrics.timeToFirstToken.observe(now - call.arrivedAt);
  metrics.promptTokens.add(promptTokens);
  const computed = promptTokens - cachedTokens - externalTokens;
  metrics.promptTokensBy.local_compute.add(computed);
  metrics.promptTokensBy.local_cache_hit.add(cachedTokens);
  metrics.promptTokensBy.external_kv_transfer.add(externalTokens);
  metrics.cachedTokens.add(cachedTokens + externalTokens);
  return computed;
}

export function recordFinish(metrics: EngineMetrics, request: Request, now: number): void {
  const { call, queuedAt, generated } = request;
  const { scheduledAt = now, firstTokenAt = now } = request;
  metrics.finished[request.reason].add();
  metrics.requestPromptTokens.observe(request.promptTokens);
  metrics.requestGenerationTokens.observe(generated);
  metrics.maxTokensParameter.observe(call.maxTokens);
  metrics.endToEnd.observe(now - call.arrivedAt);
  metrics.queueTime.observe(scheduledAt - queuedAt);
  metrics.inferenceTime.observe(now - scheduledAt);
  metrics.prefillTime.observe(firstTokenAt - scheduledAt);
  metrics.decodeTime.observe(now - firstTokenAt);
  metrics.timePerOutputToken.observe(generated > 1 ? (now - firstTokenAt) / (generated - 1) : 0);
  metrics.requestPreemptions.observe(request.preemptions);
  metrics.prefillComputed.observe(
    request.promptTokens - request.cachedTokens - request.externalTokens,
  );
}

/** All answers of a call are complete. */
export function recordCall(metrics: EngineMetrics, { longest, n }: Call): void {
  metrics.maxGenerationTokens.observe(longest);
  metrics.nParameter.observe(n);
}
