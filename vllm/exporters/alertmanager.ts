/** The part of Alertmanager's own `/metrics` that dashboards and rules use. */
import { counter, gauge } from "../metric.ts";

const perIntegration = { integration: "any", receiver_name: "any" } as const;

export const alertmanagerMetrics = {
  alertmanagerConfigReloaded: gauge("alertmanager_config_last_reload_successful", {
    unit: "none",
    help: "Whether the last configuration reload attempt was successful.",
    labels: {},
  }),
  alertmanagerConfigReloadTime: gauge("alertmanager_config_last_reload_success_timestamp_seconds", {
    unit: "unix time",
    help: "Timestamp of the last successful configuration reload.",
    labels: {},
  }),
  alertmanagerAlerts: gauge("alertmanager_alerts", {
    unit: "none",
    help: "How many alerts by state.",
    labels: { state: ["active", "suppressed", "unprocessed"] },
  }),
  alertmanagerSilences: gauge("alertmanager_silences", {
    unit: "none",
    help: "How many silences by state.",
    labels: { state: ["active", "pending", "expired"] },
  }),
  alertmanagerNotifications: counter("alertmanager_notifications", {
    unit: "none",
    help: "The total number of attempted notifications.",
    labels: perIntegration,
  }),
  alertmanagerNotificationFailures: counter("alertmanager_notifications_failed", {
    unit: "none",
    help: "The total number of failed notifications.",
    labels: { ...perIntegration, reason: "any" },
  }),
};
