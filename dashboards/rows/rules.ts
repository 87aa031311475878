import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { levels, timeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

const NO_RULES = "No rules";

/** Prometheus puts the file into a group's name, as in `/etc/prometheus/alerts.rules.yml;stack`. */
const GROUP_ALONE = { regex: "/^.*;/", renamePattern: "" };

/** Whether recording rules and alerts are evaluated in time. */
export function rulesRow({ q }: Queries): Row {
  const by = ["rule_group"] as const;
  const third = { width: 8, empty: NO_RULES, rename: GROUP_ALONE };
  return {
    title: "Prometheus: rules",
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Time of rule groups",
        question: "What share of its interval does the evaluation of each group take?",
        advice: "Near 100 % alerts come late: split the group, or evaluate less often.",
        unit: units.PercentUnit,
        steps: levels({ warning: 0.5, critical: 1 }),
        queries: [
          {
            expr: ratio(
              q.max(exporters.ruleGroupDuration, { by }),
              q.max(exporters.ruleGroupInterval, { by }),
            ),
            legend: "{{rule_group}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Rule evaluations",
        question: "How many rules are evaluated per second?",
        advice: "None where there are rules: Prometheus is stuck; see its log.",
        unit: units.OpsPerSecond,
        queries: [{ expr: q.rate(exporters.ruleEvaluations, { by }), legend: "{{rule_group}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "Rules that failed or were skipped",
        question:
          "Which groups have rules that fail, or whose turn was missed? An alert among them cannot fire.",
        advice: "Failed: Prometheus's page Alerts names the rule and why. Missed: too slow.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(exporters.ruleFailures, { by }), legend: "{{rule_group}}, failed" },
          { expr: q.rate(exporters.ruleGroupsMissed, { by }), legend: "{{rule_group}}, missed" },
        ],
      }),
    ],
  };
}
