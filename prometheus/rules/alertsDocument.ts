import {
  alertRules,
  recordingRules,
  type AlertRule,
  type RuleGroup,
  type RuleOptions,
} from "./index.ts";
import { originOf } from "./alertThresholds.ts";

/**
 * `docs/alerts.md`: every alert with its condition, its threshold, the reason for the threshold, and its
 * runbook.
 */
export function alertsDocument(options: RuleOptions): string {
  const groups = alertRules(options);
  return [
    "# Alerts",
    "Written by `node docs/generate.ts` from `prometheus/rules/`, with the default settings. Thresholds are settings (`alerting.thresholds`), and `alerting.disabled` turns alerts off by name.",
    ...groups.map(overview),
    ...groups.flatMap(({ rules }) =>
      [...Map.groupBy(rules, ({ name }) => name).values()].map(section),
    ),
    recordings(options),
  ].join("\n\n");
}

function overview({ name, rules }: RuleGroup<AlertRule>): string {
  const isOneOfSeveral = (rule: AlertRule) =>
    rules.filter((other) => other.name === rule.name).length > 1;
  return [
    `**${name}**\n`,
    "| alert | severity | for | when |",
    "| --- | --- | --- | --- |",
    ...rules.map(
      (rule) =>
        `| [${rule.name}](#${rule.name.toLowerCase()}) | ${rule.severity} | ${rule.for ?? "0s"} | ${plain(rule.summary)}${isOneOfSeveral(rule) ? `: ${rule.threshold}` : ""} |`,
    ),
  ].join("\n");
}

/** An alert with all of its rules, which differ by their windows. */
function section(rules: AlertRule[]): string {
  const [rule] = rules;
  if (rule === undefined) return "";
  const each = (of: (rule: AlertRule) => string | undefined) =>
    [...new Set(rules.map(of))].join(", ");
  return [
    `## ${rule.name}`,
    [
      `- severity: ${each(({ severity }) => severity)}`,
      `- concern: ${rule.concern}`,
      `- for: ${each((one) => one.for ?? "0s")}`,
      ...(rule.keepFiringFor === undefined
        ? []
        : [`- goes on for: ${rule.keepFiringFor} after it no longer holds`]),
      ...(rule.threshold === undefined
        ? []
        : [`- threshold: ${each(({ threshold }) => threshold)}`]),
      ...(rule.thresholds ?? []).map(
        (key) => `- setting: \`alerting.thresholds.${key}\`: ${originOf(key)}`,
      ),
      ...(rule.origin === undefined ? [] : [`- origin: ${rule.origin}`]),
      `- runbook: [${rule.name}](runbooks/${rule.name}.md)`,
    ].join("\n"),
    ...rules.map(({ expr }) => `\`\`\`promql\n${expr}\n\`\`\``),
  ].join("\n\n");
}

function recordings(options: RuleOptions): string {
  const rules = recordingRules(options).flatMap(({ rules }) => rules);
  // The rules of different objectives differ only in the objective.
  const names = [...new Set(rules.map(({ record }) => record))];
  return [
    "## Recorded series",
    "Series that dashboards and alerts read often. Any query can use them. The first part of a name says which labels are kept.",
    "Series of `job_model:` are for dashboards: the rates among them are recorded every 15 seconds, or at the longest scrape interval if that is longer, over a window of four scrapes (`rate`) and over five minutes (`rate5m`).",
    ["| series | labels |", "| --- | --- |"]
      .concat(
        names.map((name) => {
          const labels = rules.find(({ record }) => record === name)?.has ?? [];
          return `| \`${name}\` | ${labels.join(", ")} |`;
        }),
      )
      .join("\n"),
  ].join("\n\n");
}

/** A template without its Go syntax: `{{ $labels.instance }}` becomes `{instance}`. */
function plain(template: string): string {
  return template
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, "{$1}")
    .replace(/\{\{ \$value[^}]*\}\}/g, "N");
}
