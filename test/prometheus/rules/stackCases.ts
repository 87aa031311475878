/** When the stack's alerts about itself fire, and when they narrowly do not. */
import type { AlertName } from "../../../prometheus/rules/index.ts";
import { since, type AlertCase } from "./alertCase.ts";
import { always, type Course } from "./serverLife.ts";

/** The stack's own health. */
export const STACK: AlertCase[] = [
  ...during(
    "PrometheusConfigReloadFailed",
    { prometheus_config_last_reload_successful: since(10, 0, 1) },
    21,
    19,
  ),
  ...during(
    "PrometheusRulesFailing",
    { prometheus_rule_evaluation_failures_total: since(10, 1, 0) },
    17,
    14,
  ),
  ...during(
    "PrometheusScrapeLimitHit",
    { prometheus_target_scrapes_exceeded_sample_limit_total: since(10, 1, 0) },
    17,
    14,
  ),
  ...during(
    "PrometheusTimestampsOutOfBounds",
    { prometheus_target_scrapes_sample_out_of_bounds_total: since(10, 1, 0) },
    17,
    14,
  ),
  ...during(
    "AlertmanagerUnreachable",
    { prometheus_notifications_errors_total: since(10, 1, 0) },
    17,
    14,
  ),
  {
    name: "no Alertmanager found",
    own: { prometheus_notifications_alertmanagers_discovered: always(0) },
    minutes: 15,
    fires: ["AlertmanagerUnreachable"],
  },
  ...during(
    "AlertmanagerConfigReloadFailed",
    { alertmanager_config_last_reload_successful: since(10, 0, 1) },
    21,
    19,
  ),
  ...during(
    "AlertmanagerUnreachable",
    { prometheus_notifications_dropped_total: since(10, 1, 0) },
    17,
    14,
  ),
  ...during(
    "PrometheusNotIngesting",
    { prometheus_tsdb_head_samples_appended_total: since(10, 0, 100) },
    25,
    23,
  ),
  {
    name: "one failed write within the last hour",
    own: { prometheus_tsdb_wal_writes_failed_total: once(10) },
    minutes: 60,
    fires: ["PrometheusWriteFailing"],
  },
  {
    name: "one failed write more than an hour ago",
    own: { prometheus_tsdb_wal_writes_failed_total: once(10) },
    minutes: 75,
    spares: ["PrometheusWriteFailing"],
  },
  {
    name: "a failed truncation of the write-ahead log",
    own: { prometheus_tsdb_wal_truncations_failed_total: once(10) },
    minutes: 12,
    fires: ["PrometheusWriteFailing"],
  },
  {
    name: "a corrupt write-ahead log",
    own: { prometheus_tsdb_wal_corruptions_total: once(10) },
    minutes: 12,
    fires: ["PrometheusWriteFailing"],
  },
  ...during(
    "PrometheusCompactionsFailing",
    { prometheus_tsdb_compactions_failed_total: since(10, 0.01, 0) },
    72,
    68,
  ),
  ...during(
    "PrometheusRemoteWriteFailing",
    { prometheus_remote_storage_samples_failed_total: since(10, 0.1, 0) },
    21,
    19,
  ),
  {
    name: "native histograms that a remote write receiver refuses",
    own: { prometheus_remote_storage_histograms_failed_total: since(10, 0.1, 0) },
    minutes: 21,
    fires: ["PrometheusRemoteWriteFailing"],
  },
  ...ownEdge(
    "PrometheusRemoteWriteBehind",
    "prometheus_remote_storage_queue_highest_sent_timestamp_seconds",
    879,
    880,
    20,
  ),
  ...during(
    "PrometheusRemoteWriteBehind",
    { prometheus_remote_storage_queue_highest_sent_timestamp_seconds: since(10, 500, 1000) },
    25.5,
    24,
  ),
  {
    name: "a new XID",
    own: { DCGM_FI_DEV_XID_ERRORS: since(10, 79, 0) },
    minutes: 60,
    fires: ["GpuXidErrors"],
  },
  {
    name: "an XID from more than an hour ago",
    own: { DCGM_FI_DEV_XID_ERRORS: since(10, 79, 0) },
    minutes: 75,
    spares: ["GpuXidErrors"],
  },
  {
    name: "an XID that an application causes",
    own: { DCGM_FI_DEV_XID_ERRORS: since(10, 31, 0) },
    minutes: 20,
    spares: ["GpuXidErrors"],
  },
  {
    name: "a failed row remap",
    own: { DCGM_FI_DEV_ROW_REMAP_FAILURE: since(10, 1, 0) },
    minutes: 11,
    fires: ["GpuMemoryFault"],
  },
  {
    name: "a row remapped for an uncorrectable error",
    own: { DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: once(10) },
    minutes: 60,
    fires: ["GpuMemoryFault"],
  },
  {
    name: "no GPU memory fault",
    own: { DCGM_FI_DEV_ROW_REMAP_FAILURE: always(0) },
    minutes: 20,
    spares: ["GpuMemoryFault"],
  },
  ...ownEdge("GpuThrottled", "DCGM_FI_DEV_SM_CLOCK", 1580, 1590, 21),
  ...ownEdge("GpuThrottled", "DCGM_FI_DEV_THERMAL_VIOLATION", 0.051e9, 0.049e9, 21),
  ...during("GpuThrottled", { DCGM_FI_DEV_THERMAL_VIOLATION: since(10, 1e9, 0) }, 26, 24),
  {
    name: "a slow clock on an idle GPU",
    own: { DCGM_FI_DEV_SM_CLOCK: always(345), DCGM_FI_DEV_GPU_UTIL: always(0) },
    minutes: 40,
    spares: ["GpuThrottled"],
  },
  ...during("GpuExporterDown", { "up gpu": since(10, 0, 1) }, 16, 14),
  ...during("CanaryDown", { "up canary": since(10, 0, 1) }, 16, 14),
  ...during("GrafanaDown", { "up grafana": since(10, 0, 1) }, 16, 14),
  ...ownEdge(
    "AlertmanagerNotificationsFailing",
    "alertmanager_notifications_failed_total",
    0.011,
    0.009,
    15,
  ),
  ...ownEdge("PrometheusSeriesAbovePlan", "prometheus_tsdb_head_series", 100_001, 100_000, 20),
  ...ownEdge("PrometheusStorageFilling", "prometheus_tsdb_storage_blocks_bytes", 9.1e9, 8.9e9, 65),
];

/** A rate that increases a counter by one at the given minute, with steps of 30 s. */
function once(minute: number): Course {
  return (at) => (at === minute * 60 ? 1 / 30 : 0);
}

/** One case after the waiting time is over, and one before. */
function during(
  alert: AlertName,
  own: Record<string, Course>,
  fires: number,
  spares: number,
): AlertCase[] {
  return [
    { name: `${alert} at ${fires} min`, own, minutes: fires, fires: [alert] },
    { name: `${alert} at ${spares} min`, own, minutes: spares, spares: [alert] },
  ];
}

function ownEdge(
  alert: AlertName,
  metric: string,
  fires: number,
  spares: number,
  minutes: number,
): AlertCase[] {
  return [
    { name: `${alert} at ${fires}`, own: { [metric]: always(fires) }, minutes, fires: [alert] },
    { name: `${alert} at ${spares}`, own: { [metric]: always(spares) }, minutes, spares: [alert] },
  ];
}
