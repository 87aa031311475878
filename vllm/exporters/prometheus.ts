/** The metrics of Prometheus 3 about its targets and itself that dashboards and rules use. */
import { counter, gauge, histogram, info } from "../metric.ts";

/** Made by Prometheus for every target, with the target's labels only. */
export const targetMetrics = {
  up: gauge("up", {
    unit: "none",
    help: "1 if the last scrape succeeded, 0 if it failed.",
    labels: {},
  }),
  scrapeDuration: gauge("scrape_duration_seconds", {
    unit: "seconds",
    help: "How long the last scrape took.",
    labels: {},
  }),
  scrapeSamples: gauge("scrape_samples_scraped", {
    unit: "none",
    help: "Samples that the target exposed.",
    labels: {},
  }),
  scrapeSamplesKept: gauge("scrape_samples_post_metric_relabeling", {
    unit: "none",
    help: "Samples left after relabelling.",
    labels: {},
  }),
  scrapeSeriesAdded: gauge("scrape_series_added", {
    unit: "none",
    help: "Series that were new in the last scrape.",
    labels: {},
  }),
};

const perAlert = {
  alertname: "any",
  severity: "any",
  model_name: "any",
  objective: "any",
} as const;

/** Made by rules: one series per pending or firing alert. */
export const alertMetrics = {
  alerts: gauge("ALERTS", {
    unit: "none",
    help: "1 for each alert that is pending or firing.",
    labels: { ...perAlert, alertstate: ["pending", "firing"] },
  }),
  alertsForState: gauge("ALERTS_FOR_STATE", {
    unit: "unix time",
    help: "When the condition of each alert that is pending or firing became true.",
    labels: perAlert,
  }),
};

const perGroup = { rule_group: "any" } as const;
const perAlertmanager = { alertmanager: "any" } as const;

/** Prometheus's own `/metrics`. */
const perRemote = { remote_name: "any", url: "any" } as const;

export const prometheusMetrics = {
  prometheusBuild: info("prometheus_build_info", {
    help: "Version, revision and Go version of Prometheus.",
    labels: {
      branch: "any",
      goarch: "any",
      goos: "any",
      goversion: "any",
      revision: "any",
      tags: "any",
      version: "any",
    },
  }),
  configReloaded: gauge("prometheus_config_last_reload_successful", {
    unit: "none",
    help: "Whether the last configuration reload attempt was successful.",
    labels: {},
  }),
  configReloadTime: gauge("prometheus_config_last_reload_success_timestamp_seconds", {
    unit: "unix time",
    help: "Timestamp of the last successful configuration reload.",
    labels: {},
  }),
  remoteNewest: gauge("prometheus_remote_storage_queue_highest_timestamp_seconds", {
    unit: "unix time",
    help: "Timestamp that was enqueued by this queue.",
    labels: perRemote,
  }),
  remoteSent: gauge("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", {
    unit: "unix time",
    help: "Timestamp of the newest sample that this queue has sent.",
    labels: perRemote,
  }),
  remoteSamplesFailed: counter("prometheus_remote_storage_samples_failed", {
    unit: "none",
    help: "Samples that a receiver refused, and that are not sent again.",
    labels: perRemote,
  }),
  remoteHistogramsFailed: counter("prometheus_remote_storage_histograms_failed", {
    unit: "none",
    help: "Native histograms that a receiver refused, and that are not sent again.",
    labels: perRemote,
  }),
  headSeries: gauge("prometheus_tsdb_head_series", {
    unit: "none",
    help: "Total number of series in the head block.",
    labels: {},
  }),
  headSeriesCreated: counter("prometheus_tsdb_head_series_created", {
    unit: "none",
    help: "Total number of series created in the head.",
    labels: {},
  }),
  headSeriesRemoved: counter("prometheus_tsdb_head_series_removed", {
    unit: "none",
    help: "Total number of series removed in the head.",
    labels: {},
  }),
  samplesAppended: counter("prometheus_tsdb_head_samples_appended", {
    unit: "none",
    help: "Total number of appended samples.",
    labels: { type: ["float", "histogram"] },
  }),
  samplesOutOfOrder: counter("prometheus_target_scrapes_sample_out_of_order", {
    unit: "none",
    help: "Total number of samples rejected due to not being out of the expected order.",
    labels: {},
  }),
  samplesDuplicate: counter("prometheus_target_scrapes_sample_duplicate_timestamp", {
    unit: "none",
    help: "Total number of samples rejected due to duplicate timestamps but different values.",
    labels: {},
  }),
  blocksSize: gauge("prometheus_tsdb_storage_blocks_bytes", {
    unit: "bytes",
    help: "The number of bytes that are currently used for local storage by all blocks.",
    labels: {},
  }),
  walSize: gauge("prometheus_tsdb_wal_storage_size_bytes", {
    unit: "bytes",
    help: "Size of the write log directory.",
    labels: {},
  }),
  headChunksSize: gauge("prometheus_tsdb_head_chunks_storage_size_bytes", {
    unit: "bytes",
    help: "Size of the chunks_head directory.",
    labels: {},
  }),
  retentionSize: gauge("prometheus_tsdb_retention_limit_bytes", {
    unit: "bytes",
    help: "Max number of bytes to be retained in the tsdb blocks, configured 0 means disabled.",
    labels: {},
  }),
  retentionTime: gauge("prometheus_tsdb_retention_limit_seconds", {
    unit: "seconds",
    help: "How long to retain samples in storage.",
    labels: {},
  }),
  oldestSample: gauge("prometheus_tsdb_lowest_timestamp_seconds", {
    unit: "unix time",
    help: "Lowest timestamp value stored in the database.",
    labels: {},
  }),
  compactionFailures: counter("prometheus_tsdb_compactions_failed", {
    unit: "operations",
    help: "Total number of compactions that failed for the partition.",
    labels: {},
  }),
  walCorruptions: counter("prometheus_tsdb_wal_corruptions", {
    unit: "none",
    help: "Total number of WAL corruptions.",
    labels: {},
  }),
  walWriteFailures: counter("prometheus_tsdb_wal_writes_failed", {
    unit: "operations",
    help: "Total number of write log writes that failed.",
    labels: {},
  }),
  walTruncationFailures: counter("prometheus_tsdb_wal_truncations_failed", {
    unit: "operations",
    help: "Total number of write log truncations that failed.",
    labels: {},
  }),
  sampleLimitExceeded: counter("prometheus_target_scrapes_exceeded_sample_limit", {
    unit: "operations",
    help: "Total number of scrapes that hit the sample limit and were rejected.",
    labels: {},
  }),
  samplesOutOfBounds: counter("prometheus_target_scrapes_sample_out_of_bounds", {
    unit: "none",
    help: "Total number of samples rejected due to timestamp falling outside of the time bounds.",
    labels: {},
  }),
  scrapePoolTargets: gauge("prometheus_target_scrape_pool_targets", {
    unit: "none",
    help: "Current number of targets in this scrape pool.",
    labels: { scrape_job: "any" },
  }),
  ruleEvaluations: counter("prometheus_rule_evaluations", {
    unit: "operations",
    help: "The total number of rule evaluations.",
    labels: perGroup,
  }),
  ruleFailures: counter("prometheus_rule_evaluation_failures", {
    unit: "operations",
    help: "The total number of rule evaluation failures.",
    labels: perGroup,
  }),
  ruleGroupsMissed: counter("prometheus_rule_group_iterations_missed", {
    unit: "operations",
    help: "The total number of rule group evaluations missed due to slow rule group evaluation.",
    labels: perGroup,
  }),
  ruleGroupDuration: gauge("prometheus_rule_group_last_duration_seconds", {
    unit: "seconds",
    help: "The duration of the last rule group evaluation.",
    labels: perGroup,
  }),
  ruleGroupInterval: gauge("prometheus_rule_group_interval_seconds", {
    unit: "seconds",
    help: "The interval of a rule group.",
    labels: perGroup,
  }),
  notificationsSent: counter("prometheus_notifications_sent", {
    unit: "none",
    help: "Total number of alerts sent.",
    labels: perAlertmanager,
  }),
  notificationErrors: counter("prometheus_notifications_errors", {
    unit: "none",
    help: "Total number of sent alerts affected by errors.",
    labels: perAlertmanager,
  }),
  notificationsDropped: counter("prometheus_notifications_dropped", {
    unit: "none",
    help: "Total number of alerts dropped due to errors when sending to Alertmanager.",
    labels: perAlertmanager,
  }),
  alertmanagersFound: gauge("prometheus_notifications_alertmanagers_discovered", {
    unit: "none",
    help: "The number of alertmanagers discovered and active.",
    labels: {},
  }),
  prometheusHttpRequests: counter("prometheus_http_requests", {
    unit: "requests",
    help: "Counter of HTTP requests.",
    labels: { handler: "any", code: "any" },
  }),
  prometheusHttpDuration: histogram("prometheus_http_request_duration_seconds", {
    unit: "seconds",
    help: "Histogram of latencies for HTTP requests.",
    labels: { handler: "any" },
    buckets: [0.1, 0.2, 0.4, 1, 3, 8, 20, 60, 120],
  }),
};
