/** What the dashboard `vLLM / Instances` shows. */
import { metrics } from "../../vllm/index.ts";
import { canary } from "./canary.ts";
import * as is from "./expected.ts";
import { stateByInstance } from "./states.ts";

const byInstance = { by: ["instance"] };
const byRow = { by: ["instance", "model_name", "engine"] };
const byEngine = { by: ["instance", "engine"] };
const target = ["job", "instance"];

/** The parts of an engine's configuration that are shown, by the labels that it exposes. */
const CONFIGURATION = [
  ...["job", "instance", "engine", "num_gpu_blocks", "block_size", "kv_cache_size_tokens"],
  ...["kv_cache_max_concurrency", "gpu_memory_utilization", "cache_dtype"],
  "enable_prefix_caching",
];

export const instances: is.DashboardValues = {
  Servers: [
    stateByInstance("model_name", "engine"),
    is.sum(metrics.requestsRunning, byRow),
    is.sum(metrics.requestsWaiting, byRow),
    is.max(metrics.kvCacheUsage, byRow),
    is.positive(is.rate(metrics.requestsFinished, byRow)),
    is.positive(is.rate(metrics.generationTokens, byRow)),
    is.quantile(0.95, metrics.timeToFirstToken, byRow),
    is.quantile(0.95, metrics.interTokenLatency, byRow),
    is.ratio(metrics.preemptions, byRow.by, (part) => [
      part.rate(metrics.preemptions),
      part.rate(metrics.requestsFinished),
    ]),
    {
      ...{ by: byRow.by, of: metrics.requestsRunning },
      value: (part) => {
        const start = part.level(metrics.processStartTime);
        return start === 0 ? undefined : part.time - start;
      },
    },
  ],
  "States over time": [stateByInstance()],

  ...canary,

  "Running by engine": [is.sum(metrics.requestsRunning, byEngine)],
  "Waiting by engine": [is.sum(metrics.requestsWaiting, byEngine)],
  "KV cache by engine": [is.max(metrics.kvCacheUsage, byEngine)],
  "Requests by engine": [is.rate(metrics.requestsFinished, byEngine)],
  "Prompt tokens by engine": [is.rate(metrics.promptTokens, byEngine)],
  "Generated tokens by engine": [is.rate(metrics.generationTokens, byEngine)],

  "TTFT P95 by instance": [is.percentile(0.95, metrics.timeToFirstToken, byInstance)],
  "ITL P95 by instance": [is.percentile(0.95, metrics.interTokenLatency, byInstance)],
  "E2E P95 by instance": [is.percentile(0.95, metrics.endToEndLatency, byInstance)],
  "Mean queue time by instance": [is.mean(metrics.queueTime, byInstance)],
  "Mean time in the engine by instance": [is.mean(metrics.inferenceTime, byInstance)],
  "Prefix cache hit rate by instance": [
    is.ratio(metrics.prefixCacheQueries, ["instance"], (part) => [
      part.rate(metrics.prefixCacheHits),
      part.rate(metrics.prefixCacheQueries),
    ]),
  ],

  "Steps by engine": [is.observations(metrics.iterationTokens, byEngine)],
  "Mean tokens per step by engine": [is.mean(metrics.iterationTokens, byEngine)],
  "Preemptions by engine": [is.rate(metrics.preemptions, byEngine)],
  "Waiting by reason": [is.sum(metrics.requestsWaitingByReason, { by: ["instance", "reason"] })],

  CPU: [is.rate(metrics.processCpu, { by: target })],
  Memory: [is.sum(metrics.processResidentMemory, { by: target })],
  "Open files": [
    is.ratio(metrics.processOpenFiles, target, (part) => [
      part.level(metrics.processOpenFiles),
      part.level(metrics.processMaxFiles),
    ]),
  ],

  Engines: [
    {
      by: [...CONFIGURATION, "model_name", "version"],
      of: metrics.cacheConfig,
      parts: (whole) =>
        whole.by(CONFIGURATION, metrics.cacheConfig).map((part) => {
          const python = part.samples(metrics.pythonVersion)[0]?.sample.labels.version;
          const model = part.samples(metrics.requestsRunning)[0]?.sample.labels.model_name ?? "";
          const known = part.named({ model_name: model });
          return python === undefined ? known : known.named({ version: python });
        }),
      value: () => 1,
    },
  ],

  "Sleep level": [
    is.value(
      metrics.sleepState,
      byEngine.by,
      (part) =>
        part.level(metrics.sleepState, { sleep_state: "weights_offloaded" }) +
        2 * part.level(metrics.sleepState, { sleep_state: "discard_all" }),
    ),
  ],
  "Sleep operations": [
    is.mean(metrics.sleepOperationDuration, { by: [...target, "operation"] }),
    is.blank(
      is.sum(metrics.sleepOperationsInFlight, { by: [...target, "operation"] }),
      "The simulator falls asleep and wakes at once.",
    ),
  ],
  "Weight updates": [
    is.mean(metrics.weightUpdateDuration, { by: [...target, "operation"] }),
    is.sum(metrics.weightUpdatesInFlight, { by: [...target, "operation"] }),
  ],

  "Arithmetic per GPU": [is.positive(is.rate(metrics.estimatedFlops, byEngine))],
  "Memory traffic per GPU": [
    is.positive(is.rate(metrics.estimatedReadBytes, byEngine)),
    is.positive(is.rate(metrics.estimatedWriteBytes, byEngine)),
  ],
};
