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
        question: "What share of its interval does each group's evaluation take?",
        advice: "Near 100 %, alerts come late: split the group, or evaluate it less often.",
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
        advice: "Zero although rules are loaded: Prometheus is stuck; see its log.",
        unit: units.OpsPerSecond,
        queries: [{ expr: q.rate(exporters.ruleEvaluations, { by }), legend: "{{rule_group}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "Rules that failed or were skipped",
        question:
          "Which groups have failing rules or missed evaluations? Their alerts cannot fire.",
        advice:
          "Failed: the Alerts page of Prometheus shows the rule and the error. Missed: the group is too slow.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(exporters.ruleFailures, { by }), legend: "{{rule_group}}, failed" },
          { expr: q.rate(exporters.ruleGroupsMissed, { by }), legend: "{{rule_group}}, missed" },
        ],
      }),
    ],
  };
}
