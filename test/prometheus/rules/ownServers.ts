/** The series of the stack's own servers when they are healthy. */
import {
  always,
  plainSeries,
  plainCounter,
  type Course,
  type PromtoolSeries,
  type Time,
} from "./serverLife.ts";

const PROMETHEUS = { job: "prometheus", instance: "localhost:9090" };
const REMOTE = { ...PROMETHEUS, remote_name: "central", url: "https://central/write" };
const ALERTMANAGER = { job: "alertmanager", instance: "alertmanager:9093" };
const GPU = { job: "gpu", instance: "gpu1:9400", Hostname: "node1" };
/** A rank that the canary probes. */
const RANK = { job: "vllm", instance: "a:8000", model_name: "m", engine: "0" };
const WAY = { ...ALERTMANAGER, integration: "webhook", receiver_name: "ops" };

/** `changed` has the series that are not healthy: values of gauges, rates of counters. */
export function ownServers(changed: Record<string, Course>, time: Time): PromtoolSeries[] {
  const level = (name: string, labels: Record<string, string>, value: number) =>
    plainSeries(name, labels, changed[name] ?? always(value), time);
  const counter = (name: string, labels: Record<string, string>, rate = 0) =>
    plainCounter(name, labels, changed[name] ?? always(rate), time);
  const gpus = (name: string, value: number) => [
    level(name, { ...GPU, gpu: "0" }, value),
    ...["1", "2"].map((gpu) => plainSeries(name, { ...GPU, gpu }, always(value), time)),
  ];
  const group = { ...PROMETHEUS, rule_group: "stack" };
  return [
    plainSeries("up", PROMETHEUS, always(1), time),
    plainSeries("up", ALERTMANAGER, always(1), time),
    plainSeries(
      "up",
      { job: "grafana", instance: "grafana:3000" },
      changed["up grafana"] ?? always(1),
      time,
    ),
    plainSeries(
      "up",
      { job: "canary", instance: "canary:9820" },
      changed["up canary"] ?? always(1),
      time,
    ),
    plainSeries("up", { job: "gpu", instance: "gpu1:9400" }, changed["up gpu"] ?? always(1), time),
    ...gpus("DCGM_FI_DEV_XID_ERRORS", 0),
    ...gpus("DCGM_FI_DEV_ROW_REMAP_FAILURE", 0),
    ...gpus("DCGM_FI_DEV_SM_CLOCK", 1980),
    ...gpus("DCGM_FI_DEV_GPU_UTIL", 90),
    counter("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", { ...GPU, gpu: "0" }),
    counter("DCGM_FI_DEV_THERMAL_VIOLATION", { ...GPU, gpu: "0" }),
    level("vllm_canary_failures_in_a_row", RANK, 0),
    ...(["ok", "http_4xx"] as const).map((outcome) =>
      plainCounter(
        "vllm_canary_probes_total",
        { ...RANK, outcome },
        changed[`canary ${outcome}`] ?? always(outcome === "ok" ? 1 / 30 : 0),
        time,
      ),
    ),
    level("prometheus_config_last_reload_successful", PROMETHEUS, 1),
    counter("prometheus_rule_evaluation_failures_total", group),
    counter("prometheus_rule_group_iterations_missed_total", group),
    counter("prometheus_target_scrapes_exceeded_sample_limit_total", PROMETHEUS),
    counter("prometheus_target_scrapes_sample_out_of_bounds_total", PROMETHEUS),
    level("prometheus_tsdb_storage_blocks_bytes", PROMETHEUS, 1e9),
    level("prometheus_tsdb_wal_storage_size_bytes", PROMETHEUS, 0),
    level("prometheus_tsdb_head_chunks_storage_size_bytes", PROMETHEUS, 0),
    level("prometheus_tsdb_retention_limit_bytes", PROMETHEUS, 1e10),
    level("prometheus_tsdb_retention_limit_seconds", PROMETHEUS, 30 * 86_400),
    level("prometheus_tsdb_lowest_timestamp_seconds", PROMETHEUS, 0),
    level("prometheus_tsdb_head_series", PROMETHEUS, 5000),
    counter("prometheus_tsdb_head_samples_appended_total", { ...PROMETHEUS, type: "float" }, 100),
    counter("prometheus_tsdb_wal_writes_failed_total", PROMETHEUS),
    counter("prometheus_tsdb_wal_truncations_failed_total", PROMETHEUS),
    counter("prometheus_tsdb_wal_corruptions_total", PROMETHEUS),
    counter("prometheus_tsdb_compactions_failed_total", PROMETHEUS),
    counter("prometheus_notifications_errors_total", PROMETHEUS),
    counter("prometheus_notifications_dropped_total", PROMETHEUS),
    level("prometheus_remote_storage_queue_highest_timestamp_seconds", REMOTE, 1000),
    level("prometheus_remote_storage_queue_highest_sent_timestamp_seconds", REMOTE, 1000),
    counter("prometheus_remote_storage_samples_failed_total", REMOTE),
    counter("prometheus_remote_storage_histograms_failed_total", REMOTE),
    level("prometheus_notifications_alertmanagers_discovered", PROMETHEUS, 1),
    level("alertmanager_config_last_reload_successful", ALERTMANAGER, 1),
    counter("alertmanager_notifications_total", WAY, 1),
    counter("alertmanager_notifications_failed_total", { ...WAY, reason: "other" }),
  ];
}
