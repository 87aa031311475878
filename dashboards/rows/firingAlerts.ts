import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, not } from "../../vllm/index.ts";
import { ALERT_COLUMN, meaningColumn, runbookColumn, withNameAs } from "../alertColumns.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { tablePanel, words, type DrillDown } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { UIDS } from "../uids.ts";

/**
 * The alerts that fire, the critical ones first. The panel shows those of all servers, whatever the
 * reader chose: an alert need not have a job, a model or an instance, so filters would hide some.
 */
export function firingAlertsRow({ now }: Queries, { alerts }: DashboardOptions): Row {
  const by = ["severity", "alertname", "model_name", "instance", "objective"] as const;
  // Watchdog always fires.
  const alertname = not("Watchdog");
  const firing = now.max(exporters.alerts, { by, where: { alertstate: "firing", alertname } });
  const since = now.min(exporters.alertsForState, { by, where: { alertname } });
  const [meaning, runbook] = [meaningColumn(alerts), runbookColumn(alerts)];
  const seconds = math`time() - ${since} and ${firing}`;
  return {
    panels: [
      tablePanel({
        title: "Firing alerts",
        question:
          "What is wrong now? Every firing alert, whatever is selected above: critical ones first, then the newest. Duration counts from when the alert's condition became true.",
        advice:
          "Click an alert to open its runbook, which says what to do. Click a model, an instance or an SLO to open its dashboard.",
        height: 8,
        empty: "No alert fires",
        labels: [
          {
            label: "severity",
            title: "Severity",
            width: 90,
            mappings: words([
              { value: "critical", text: "Critical", color: "red" },
              { value: "warning", text: "Warning", color: "orange" },
            ]),
          },
          ALERT_COLUMN,
          meaning,
          {
            label: "model_name",
            title: "Model",
            width: 190,
            mappings: NONE,
            drillDown: ofLabel("model_name", "Instances of this model"),
          },
          {
            label: "instance",
            title: "Instance",
            width: 170,
            mappings: NONE,
            drillDown: ofLabel("instance", "This instance alone"),
          },
          {
            label: "objective",
            title: "SLO",
            width: 165,
            drillDown: { uid: UIDS.slo, title: "Error budgets", withoutJob: true },
          },
          runbook,
        ],
        sortBy: [{ title: "Severity" }, { title: "Duration" }],
        columns: [
          {
            title: "Duration",
            expr: withNameAs(linkable(seconds), [meaning, runbook]),
            unit: units.DurationSeconds,
            decimals: 0,
            width: 110,
          },
        ],
      }),
    ],
  };
}

/**
 * Fills a missing label with Grafana's value for "All". A link cannot depend on its row, and with
 * an empty value it would open a dashboard that shows nothing.
 */
function linkable(expr: string): string {
  return (["model_name", "instance"] as const).reduce(
    // In the replacement of `label_replace`, `$$` is one dollar sign.
    (expr, label) => math`label_replace(${expr}, "${label}", "$${ALL}", "${label}", "")`,
    expr,
  );
}

const ALL = "$__all";

const NONE = words([{ value: ALL, text: "–" }]);

function ofLabel(label: "model_name" | "instance", title: string): DrillDown {
  return { uid: UIDS.instances, title, label, withoutJob: true };
}
