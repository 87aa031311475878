/** The metrics of one engine. */
import { metrics } from "../../vllm/catalogue/index.ts";
import { olderThan, type Metric, type perEngine, type Version } from "../../vllm/metric.ts";
import { cacheConfig } from "./cacheConfig.ts";
import { connectorFamilies } from "./connectors/index.ts";
import type { Instrument, Meter } from "./meter.ts";
import type { FinishReason } from "./request.ts";
import type { EngineSpec } from "./serverSpec.ts";

/** All that an engine counts; everything starts at 0. */
export type EngineMetrics = ReturnType<typeof engineMetrics>;

export function engineMetrics(
  meter: Meter,
  labels: { model_name: string; engine: string },
  version: Version,
  spec: EngineSpec,
) {
  const one = (metric: Metric<"counter" | "gauge" | "histogram", typeof perEngine>) =>
    meter.series(metric, labels);
  // Its labels depend on the release.
  const info: Metric<"info"> = metrics.cacheConfig;
  meter.series(info, { ...cacheConfig(spec, version), engine: labels.engine }).set(1);
  return {
    running: one(metrics.requestsRunning),
    waiting: one(metrics.requestsWaiting),
    waitingBy: each(metrics.requestsWaitingByReason.labels.reason, (reason) =>
      meter.series(metrics.requestsWaitingByReason, { ...labels, reason }),
    ),
    fetchStages:
      spec.connectors.length > 0
        ? each(metrics.requestsKvFetchByStage.labels.stage, (stage) =>
            meter.series(metrics.requestsKvFetchByStage, { ...labels, stage }),
          )
        : undefined,
    sleepState: each(metrics.sleepState.labels.sleep_state, (sleep_state) =>
      meter.series(metrics.sleepState, { ...labels, sleep_state }),
    ),
    kvCacheUsage: one(metrics.kvCacheUsage),
    prefixQueries: one(metrics.prefixCacheQueries),
    prefixHits: one(metrics.prefixCacheHits),
    externalQueries: one(metrics.externalPrefixCacheQueries),
    externalHits: one(metrics.externalPrefixCacheHits),
    imageQueries: one(metrics.multiModalCacheQueries),
    imageHits: one(metrics.multiModalCacheHits),
    preemptions: one(metrics.preemptions),
    promptTokens: one(metrics.promptTokens),
    promptTokensBy: each(metrics.promptTokensBySource.labels.source, (source) =>
      meter.series(metrics.promptTokensBySource, { ...labels, source }),
    ),
    cachedTokens: one(metrics.promptTokensCached),
    cachedTokensBy: each(metrics.promptTokensCachedBySource.labels.source, (source) =>
      meter.series(metrics.promptTokensCachedBySource, { ...labels, source }),
    ),
    generationTokens: one(metrics.generationTokens),
    finished: finished(meter, labels, version),
    requestPromptTokens: one(metrics.requestPromptTokens),
    requestGenerationTokens: one(metrics.requestGenerationTokens),
    iterationTokens: one(metrics.iterationTokens),
    maxGenerationTokens: one(metrics.requestMaxGenerationTokens),
    nParameter: one(metrics.requestNParameter),
    maxTokensParameter: one(metrics.requestMaxTokensParameter),
    timeToFirstToken: one(metrics.timeToFirstToken),
    interTokenLatency: one(metrics.interTokenLatency),
    timePerOutputToken: one(metrics.requestTimePerOutputToken),
    endToEnd: one(metrics.endToEndLatency),
    queueTime: one(metrics.queueTime),
    inferenceTime: one(metrics.inferenceTime),
    prefillTime: one(metrics.prefillTime),
    decodeTime: one(metrics.decodeTime),
    requestPreemptions: one(metrics.requestPreemptions),
    prefillComputed: one(metrics.requestPrefillComputedTokens),
    flops: one(metrics.estimatedFlops),
    readBytes: one(metrics.estimatedReadBytes),
    writtenBytes: one(metrics.estimatedWriteBytes),
    speculative: spec.speculative && {
      drafts: one(metrics.drafts),
      draftTokens: one(metrics.draftTokens),
      acceptedTokens: one(metrics.acceptedTokens),
      acceptedAt: Array.from({ length: spec.speculative.tokens }, (_, position) =>
        meter.series(metrics.acceptedTokensByPosition, { ...labels, position: `${position}` }),
      ),
    },
  };
}

/** The families, including those of features, in the order in which vLLM 0.32 exposes them. */
export function engineFamilies(spec: EngineSpec): Metric[] {
  const { speculative, kvCacheMetrics, lora, connectors } = spec;
  return [
    ...(speculative ? [metrics.drafts, metrics.draftTokens, metrics.acceptedTokens] : []),
    ...(speculative ? [metrics.acceptedTokensByPosition] : []),
    ...connectorFamilies(spec),
    metrics.estimatedFlops,
    metrics.estimatedReadBytes,
    metrics.estimatedWriteBytes,
    metrics.requestsRunning,
    metrics.requestsWaiting,
    metrics.requestsWaitingByReason,
    ...(connectors.length > 0 ? [metrics.requestsKvFetchByStage] : []),
    metrics.sleepState,
    metrics.kvCacheUsage,
    metrics.prefixCacheQueries,
    metrics.prefixCacheHits,
    metrics.externalPrefixCacheQueries,
    metrics.externalPrefixCacheHits,
    metrics.multiModalCacheQueries,
    metrics.multiModalCacheHits,
    metrics.preemptions,
    metrics.promptTokens,
    metrics.promptTokensBySource,
    metrics.promptTokensCached,
    metrics.promptTokensCachedBySource,
    metrics.generationTokens,
    metrics.requestsFinished,
    metrics.admissionRejections,
    metrics.requestPromptTokens,
    metrics.requestGenerationTokens,
    metrics.iterationTokens,
    metrics.requestMaxGenerationTokens,
    metrics.requestNParameter,
    metrics.requestMaxTokensParameter,
    metrics.timeToFirstToken,
    metrics.interTokenLatency,
    metrics.requestTimePerOutputToken,
    metrics.endToEndLatency,
    metrics.queueTime,
    metrics.inferenceTime,
    metrics.prefillTime,
    metrics.decodeTime,
    metrics.requestPreemptions,
    metrics.requestPrefillComputedTokens,
    ...(kvCacheMetrics
      ? [metrics.kvBlockLifetime, metrics.kvBlockIdleBeforeEviction, metrics.kvBlockReuseGap]
      : []),
    ...(lora.length > 0 ? [metrics.loraRequests] : []),
    metrics.cacheConfig,
  ];
}

/** Before 0.13 an error counts as an abort, before 0.18 a repetition as a stop. */
function finished(
  meter: Meter,
  labels: { model_name: string; engine: string },
  version: Version,
): Record<FinishReason, Instrument> {
  const end = (finished_reason: FinishReason | "abort") =>
    meter.series(metrics.requestsFinished, { ...labels, finished_reason });
  const [stop, length, abort] = [end("stop"), end("length"), end("abort")];
  return {
    stop,
    length,
    error: olderThan(version, "0.13") ? abort : end("error"),
    repetition: olderThan(version, "0.18") ? stop : end("repetition"),
  };
}

function each<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>;
}
