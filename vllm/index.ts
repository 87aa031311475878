/**
 * The metrics of vLLM, and queries about them that cannot contain a wrong metric name.
 *
 * ```ts
 * const q = promql({
 *   histograms: "classic",
 *   window: "$__rate_interval",
 *   scope: { job: matches("$job"), instance: matches("$instance"), model_name: matches("$model_name") },
 * });
 * q.rate(metrics.generationTokens, { by: ["model_name"] }); //     tokens per second and model
 * q.max(metrics.kvCacheUsage, { by: ["instance"] }); //              a gauge
 * q.quantile(0.95, metrics.timeToFirstToken); //                     seconds, nothing while idle
 * q.fractionBelow(0.5, metrics.timeToFirstToken); //                 share of requests within 0.5 s
 * ratio(
 *   q.rate(metrics.requestsFinished, { where: { finished_reason: "error" } }),
 *   q.rate(metrics.requestsFinished),
 * );
 * ```
 *
 * If the scope has an `engine`, its variable needs `.+` for All: this excludes a router's copies of the same
 * names. If the scope has none, a guard that does the same is added.
 */
export {
  BUCKET_FAMILIES,
  bucketBounds,
  formatFloat,
  nearestBounds,
  type CustomBuckets,
} from "./buckets.ts";
export { CANARY_FAILURES, canaryFailing } from "./canary.ts";
export {
  GENERATING_HANDLERS,
  RELEASES_READ,
  allMetrics,
  exposedBy,
  metrics,
  removed,
} from "./catalogue/index.ts";
export { allExporterMetrics, exporters, grafanaSeries } from "./exporters/index.ts";
export { formatMatchers, matches, not } from "./matchers.ts";
export {
  createdName,
  familyName,
  olderThan,
  seriesNames,
  type BucketFamily,
  type Labels,
  type Metric,
  type Version,
} from "./metric.ts";
export { clientAbortRatio, clientAborts, droppedStreams } from "./clientAborts.ts";
export { events } from "./events.ts";
export { httpAnswers } from "./httpAnswers.ts";
export { math, orZero, plus, ratio } from "./math.ts";
export { promql, type Promql } from "./promql.ts";
export {
  DROPPED_STREAMS,
  ENGINES,
  RECORDED,
  RECORDED_BY,
  recordedName,
  recordingTimes,
  type Recorded,
  type RecordedGauge,
  type RecordedHistogram,
} from "./recorded.ts";
export { labelValues, type PromqlContext, type QueryOptions } from "./selectors.ts";
