import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, not } from "../../vllm/index.ts";
import { ALERT_COLUMN, runbookColumn, withNameAs } from "../alertColumns.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { timeSeriesPanel, stackedTimeSeriesPanel, tablePanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

const OFF = "Off: no Alertmanager";

/** Whether notifications of alerts arrive. */
export function notificationsRow(
  { q }: Queries,
  everything: Queries,
  { alerts }: DashboardOptions,
): Row {
  const runbook = runbookColumn(alerts);
  const third = { width: 8, empty: OFF };
  const by = ["integration"] as const;
  // Alertmanager has a counter for each integration that it knows, configured or not.
  const inUse = math`${q.increase(exporters.alertmanagerNotifications, { by, window: "1d" })} > 0`;
  const inState = (alertstate: "firing" | "pending") =>
    everything.now.max(exporters.alerts, {
      by: ["alertname", "severity", "model_name", "instance"],
      // Watchdog always fires.
      where: { alertstate, alertname: not("Watchdog") },
    });
  return {
    title: "Alerts and their way out",
    panels: [
      tablePanel({
        title: "Alerts now",
        question: "Which alerts are pending or firing?",
        advice: "Click an alert to open its runbook, which says what to do.",
        // Leaves room for the names of models and servers.
        width: 14,
        height: 8,
        empty: "No alert",
        labels: [
          ALERT_COLUMN,
          { label: "severity", title: "Severity", width: 90 },
          { label: "model_name", title: "Model" },
          { label: "instance", title: "Instance" },
          runbook,
        ],
        sortBy: { title: "State", descending: true },
        columns: [
          {
            title: "State",
            // Alerts need not have a job and an instance, so filtering by them would hide some alerts.
            expr: withNameAs(math`${inState("firing")} * 2 or ${inState("pending")}`, [runbook]),
            unit: units.Short,
            width: 100,
            mappings: words([
              { value: 1, text: "Pending", color: "orange" },
              { value: 2, text: "Firing", color: "red" },
            ]),
          },
        ],
      }),
      timeSeriesPanel({
        title: "Prometheus to Alertmanager",
        question:
          "Do alerts reach Alertmanager: how many are sent, fail or are dropped, and how many Alertmanagers are there?",
        advice: "Dropped or failing: Alertmanager is down or slow, and alerts are lost.",
        unit: units.Short,
        width: 10,
        empty: OFF,
        colours: { Sent: "green", Failed: "orange", Dropped: "red", Alertmanagers: "blue" },
        queries: [
          { expr: q.increase(exporters.notificationsSent), legend: "Sent" },
          { expr: q.increase(exporters.notificationErrors), legend: "Failed" },
          { expr: q.increase(exporters.notificationsDropped), legend: "Dropped" },
          { expr: q.max(exporters.alertmanagersFound), legend: "Alertmanagers" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Notifications by receiver",
        question:
          "Are notifications delivered, by integration? Only integrations that sent something in the last day have lines.",
        advice:
          "Failed: a wrong address or secret, or the receiver is down; see Alertmanager's log.",
        empty: "No notification in a day",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: math`${q.rate(exporters.alertmanagerNotifications, { by })} and ${inUse}`,
            legend: "{{integration}}, tried",
          },
          {
            expr: math`${q.rate(exporters.alertmanagerNotificationFailures, { by })} and ${inUse}`,
            legend: "{{integration}}, failed",
          },
        ],
      }),
      stackedTimeSeriesPanel({
        ...third,
        title: "Alerts in Alertmanager",
        question: "How many alerts does Alertmanager hold, and how many are silenced or inhibited?",
        advice: "Suppressed for days: somebody forgot a silence.",
        unit: units.Short,
        colours: { active: "red", suppressed: "blue", unprocessed: "orange" },
        queries: [
          { expr: q.sum(exporters.alertmanagerAlerts, { by: ["state"] }), legend: "{{state}}" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Silences and configuration",
        question:
          "How many silences are there, and was Alertmanager's latest configuration accepted (1) or rejected (0)?",
        advice: "Rejected: Alertmanager keeps the previous one; its log names the faulty line.",
        unit: units.Short,
        queries: [
          {
            expr: q.sum(exporters.alertmanagerSilences, { by: ["state"] }),
            legend: "Silences: {{state}}",
          },
          { expr: q.min(exporters.alertmanagerConfigReloaded), legend: "Configuration in use" },
        ],
      }),
    ],
  };
}
