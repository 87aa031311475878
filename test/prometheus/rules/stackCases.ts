/** When the stack's alerts about itself fire, and when they just do not. */
import type { AlertName } from "../../../prometheus/rules/index.ts";
import { since, type Case } from "./cases.ts";
import { always, type Course } from "./life.ts";

/** The stack's own health. */
export const STACK: Case[] = [
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
  ...during("GpuExporterDown", { "up gpu": since(10, 0, 1) }, 16, 14),
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

/** A case after, and one before, the waiting time is over. */
function during(
  alert: AlertName,
  own: Record<string, Course>,
  fires: number,
  spares: number,
): Case[] {
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
): Case[] {
  return [
    { name: `${alert} at ${fires}`, own: { [metric]: always(fires) }, minutes, fires: [alert] },
    { name: `${alert} at ${spares}`, own: { [metric]: always(spares) }, minutes, spares: [alert] },
  ];
}
