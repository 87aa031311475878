/** The series that the rules record per job and model, for dashboards about the whole fleet. */
import type { Aggregation } from "./aggregation.ts";
import { metrics as m } from "./catalogue/index.ts";
import { exporters } from "./exporters/index.ts";
import { counter, gauge, perEngine, seriesNames, type Metric, type SeriesPart } from "./metric.ts";

/** The labels of every recorded series, in addition to the metric's own labels. */
export const RECORDED_BY = ["job", "model_name"] as const;

/** A metric, by default a counter, and which of its own labels are kept. */
export interface Recorded<M extends Metric = Metric<"counter">> {
  readonly metric: M;
  readonly by?: readonly string[];
}

/** A gauge, and the aggregations that the rules record for it. */
export interface RecordedGauge extends Recorded<Metric<"gauge">> {
  readonly as: readonly Aggregation[];
}

/** A histogram: all parts, or only those that are shown. A native histogram has all parts in one series. */
export interface RecordedHistogram extends Recorded<Metric<"histogram">> {
  readonly only?: "mean" | "distribution";
}

/** How many engines expose metrics: not a metric of vLLM; a rule counts them. */
export const ENGINES = gauge("vllm:engines", {
  unit: "none",
  help: "Engines that expose metrics.",
  labels: perEngine,
});

/**
 * Streams whose client disconnected: not a metric of vLLM; a rule computes it (see `clientAborts`). The
 * rate may be below 0 for a moment.
 */
export const DROPPED_STREAMS = counter("vllm:dropped_streams", {
  unit: "requests",
  help: "Streams whose client disconnected after the first token.",
  labels: perEngine,
});

interface RecordedMetrics {
  readonly gauges: readonly RecordedGauge[];
  readonly counters: readonly Recorded[];
  /** Its series identify only the server; the rule adds the model. */
  readonly http: Recorded;
  readonly latencies: readonly RecordedHistogram[];
  readonly lengths: readonly RecordedHistogram[];
  /** Recorded only if there is a canary. */
  readonly canaryGauges: readonly RecordedGauge[];
  readonly canaryCounters: readonly Recorded[];
}

/** What is recorded besides `ENGINES` and `DROPPED_STREAMS`. */
export const RECORDED: RecordedMetrics = {
  gauges: [
    { metric: m.requestsRunning, as: ["sum"] },
    { metric: m.requestsWaiting, as: ["sum"] },
    { metric: m.requestsWaitingByReason, by: ["reason"], as: ["sum"] },
    { metric: m.kvCacheUsage, as: ["sum", "count", "min", "max"] },
    { metric: m.sleepState, by: ["sleep_state"], as: ["max"] },
  ],
  counters: [
    { metric: m.requestsFinished, by: ["finished_reason"] },
    { metric: m.admissionRejections, by: ["reason"] },
    { metric: m.promptTokens },
    { metric: m.promptTokensBySource, by: ["source"] },
    { metric: m.promptTokensCached },
    { metric: m.promptTokensCachedBySource, by: ["source"] },
    { metric: m.generationTokens },
    { metric: m.preemptions },
    { metric: m.prefixCacheQueries },
    { metric: m.prefixCacheHits },
    { metric: m.externalPrefixCacheQueries },
    { metric: m.externalPrefixCacheHits },
    { metric: m.multiModalCacheQueries },
    { metric: m.multiModalCacheHits },
  ],
  http: { metric: m.httpRequests, by: ["status"] },
  latencies: [
    { metric: m.timeToFirstToken },
    { metric: m.interTokenLatency },
    { metric: m.requestTimePerOutputToken },
    { metric: m.endToEndLatency },
    { metric: m.queueTime },
    { metric: m.prefillTime, only: "mean" },
    { metric: m.decodeTime, only: "mean" },
  ],
  lengths: [
    { metric: m.requestPromptTokens },
    { metric: m.requestGenerationTokens },
    { metric: m.requestPrefillComputedTokens },
    { metric: m.requestMaxTokensParameter },
    { metric: m.requestNParameter, only: "mean" },
    { metric: m.iterationTokens, only: "distribution" },
  ],
  canaryGauges: [{ metric: exporters.canaryFailures, as: ["max"] }],
  canaryCounters: [{ metric: exporters.canaryProbes, by: ["outcome"] }],
};

/**
 * The name of a recorded series: `job_model:vllm_num_requests_running:sum` for a gauge,
 * `job_model:vllm_request_success:rate` for a counter, and the same for each part of a histogram. The name
 * does not contain the window of the rate, which depends on the scrape interval: a change of the interval
 * must not cut off the history. Each rate is also recorded over five minutes, as `rate5m`.
 */
export function recordedName(
  metric: Metric,
  operation: Aggregation | "rate" | "rate5m",
  part: SeriesPart | "native" = "value",
): `job_model:${string}:${string}` {
  const name = part === "value" || part === "native" ? metric.name : seriesNames(metric)[part];
  return `job_model:${(name ?? metric.name).replaceAll(":", "_")}:${operation}`;
}

/** How often the rules record, and over which window they compute rates; in seconds. */
export interface RecordingTimes {
  readonly interval: number;
  readonly window: number;
}

/**
 * The times that fit a fleet, from its longest scrape interval in seconds.
 *
 * A window has room for four scrapes, like Grafana's `$__rate_interval`, so that one may fail. A rate
 * counts the events between the first and the last scrape in its window, that is, in the window minus one
 * scrape interval. The recording interval divides that time evenly. So each event is in the same number of
 * windows, and sums of recorded rates weight all events equally. There is one exception: if a counter was 0
 * at the start of the window, its first events count up to a quarter less, because Prometheus does not
 * extrapolate a counter below 0.
 */
export function recordingTimes(longestScrapeInterval: number): RecordingTimes {
  const counted = Math.max(3 * longestScrapeInterval, SHORTEST);
  const wanted = Math.max(longestScrapeInterval, SHORTEST);
  return {
    interval: counted / Math.ceil(counted / wanted),
    window: counted + longestScrapeInterval,
  };
}

/** Recording more often than this would cost more than anyone sees on a dashboard. */
const SHORTEST = 15;
