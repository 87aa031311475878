import { exporters, metrics, removed, type Metric } from "../vllm/index.ts";

/** A metric that is on no dashboard, and why. */
export interface OmittedMetric {
  metric: Metric;
  reason: string;
}

const ENGINE_OF_OLD = "Only vLLM's former engine (VLLM_USE_V1=0) exposed it, up to 0.9.";
const REPEATED = "Deprecated: it repeats the load and store metrics, which have panels.";
const REMOTE_WRITE = "Only alerts use it: most stacks have no remote write.";
const GARBAGE = "Garbage collection shows in the CPU and memory of the process, which have panels.";

/** Every metric of the catalogue is on a dashboard or here. */
export const OMITTED_METRICS: readonly OmittedMetric[] = [
  { metric: metrics.httpRequestSize, reason: "Prompt lengths in tokens are more useful." },
  {
    metric: metrics.httpResponseSize,
    reason: "Streamed answers have no known length and count as 0.",
  },
  {
    metric: metrics.processVirtualMemory,
    reason: "Address space costs nothing; resident memory has a panel.",
  },
  { metric: metrics.pythonObjectsCollected, reason: GARBAGE },
  { metric: metrics.pythonObjectsUncollectable, reason: GARBAGE },
  { metric: metrics.pythonCollections, reason: GARBAGE },
  { metric: metrics.offloadBytes, reason: REPEATED },
  { metric: metrics.offloadTime, reason: REPEATED },
  { metric: metrics.offloadSize, reason: REPEATED },
  {
    metric: removed.promptTokensRecomputed,
    reason: "Exposed from 0.16 to 0.18 only; prompt tokens by source replaced it.",
  },
  { metric: removed.requestsSwapped, reason: ENGINE_OF_OLD },
  { metric: removed.cpuCacheUsage, reason: ENGINE_OF_OLD },
  { metric: removed.cpuPrefixCacheHitRate, reason: ENGINE_OF_OLD },
  { metric: removed.gpuPrefixCacheHitRate, reason: ENGINE_OF_OLD },
  { metric: removed.timeInQueue, reason: ENGINE_OF_OLD },
  { metric: removed.modelForwardTime, reason: ENGINE_OF_OLD },
  { metric: removed.modelExecuteTime, reason: ENGINE_OF_OLD },
  { metric: removed.draftAcceptanceRate, reason: ENGINE_OF_OLD },
  { metric: removed.speculativeEfficiency, reason: ENGINE_OF_OLD },
  { metric: removed.emittedTokens, reason: ENGINE_OF_OLD },
  {
    metric: exporters.alertmanagerConfigReloadTime,
    reason: "Only the commands use it; a panel shows whether the last reload succeeded.",
  },
  { metric: exporters.remoteNewest, reason: REMOTE_WRITE },
  { metric: exporters.remoteSent, reason: REMOTE_WRITE },
  { metric: exporters.remoteSamplesFailed, reason: REMOTE_WRITE },
  { metric: exporters.remoteHistogramsFailed, reason: REMOTE_WRITE },
  {
    metric: exporters.canaryTokens,
    reason: "What the canary costs: docs/canary.md has the query.",
  },
  {
    metric: exporters.gpuMemoryCopyUtilization,
    reason: "DCGM_FI_PROF_DRAM_ACTIVE measures better how busy the memory interface is.",
  },
  { metric: exporters.gpuMemoryClock, reason: "It does not change under load." },
];
