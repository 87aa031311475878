import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, not } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { table, words, type DrillDown } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { UIDS } from "../uids.ts";

/**
 * The alerts that fire, the critical ones first. Of all servers, whatever the reader chose: an alert
 * need not have a job, a model or an instance, so that a choice would hide some.
 */
export function firingAlerts({ now }: Queries): Row {
  const by = ["severity", "alertname", "model_name", "instance", "objective"] as const;
  // Watchdog always fires.
  const alertname = not("Watchdog");
  const firing = now.max(exporters.alerts, { by, where: { alertstate: "firing", alertname } });
  const since = now.min(exporters.alertsForState, { by, where: { alertname } });
  return {
    panels: [
      table({
        title: "Firing alerts",
        question:
          "What is wrong now? Every alert that fires, whatever is chosen above: critical ones first, of these the newest. Duration counts from the moment at which the alert's condition became true.",
        advice:
          "A click on an alert opens the runbooks, which say what to do; a click on a model, an instance or an SLO opens its dashboard.",
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
          {
            label: "alertname",
            title: "Alert",
            width: 260,
            drillDown: { uid: UIDS.runbooks, title: "Runbooks", withoutJob: true },
          },
          {
            label: "model_name",
            title: "Model",
            drillDown: ofLabel("model_name", "Instances of this model"),
          },
          {
            label: "instance",
            title: "Instance",
            drillDown: ofLabel("instance", "This instance alone"),
          },
          {
            label: "objective",
            title: "SLO",
            drillDown: { uid: UIDS.slo, title: "Error budgets", withoutJob: true },
          },
        ],
        sortBy: [{ title: "Severity" }, { title: "Duration" }],
        columns: [
          {
            title: "Duration",
            expr: math`time() - ${since} and ${firing}`,
            unit: units.DurationSeconds,
            decimals: 0,
            width: 130,
          },
        ],
      }),
    ],
  };
}

function ofLabel(label: "model_name" | "instance", title: string): DrillDown {
  return { uid: UIDS.instances, title, label, withoutJob: true };
}
