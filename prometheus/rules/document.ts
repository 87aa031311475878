import {
  alertRules,
  recordingRules,
  type AlertRule,
  type RuleGroup,
  type RuleOptions,
} from "./index.ts";
import { thresholdsIn } from "./thresholds.ts";

/** `docs/alerts.md`: every alert with what it asks, from where on, why there, and its runbook. */
export function alertsDocument(options: RuleOptions): string {
  const groups = alertRules(options);
  return [
    "# Alerts",
    "Made by `node docs/generate.ts` from `prometheus/rules/`, with the default settings. Thresholds are settings (`alerting.thresholds`), and `alerting.disabled` turns alerts off by name.",
    ...groups.map(overview),
    ...groups.flatMap(({ rules }) => rules.map(section)),
    recordings(options),
  ].join("\n\n");
}

function overview({ name, rules }: RuleGroup<AlertRule>): string {
  return [
    `**${name}**\n`,
    "| alert | severity | for | when |",
    "| --- | --- | --- | --- |",
    ...rules.map(
      (rule) =>
        `| [${rule.name}](#${rule.name.toLowerCase()}) | ${rule.severity} | ${rule.for ?? "0s"} | ${plain(rule.summary)} |`,
    ),
  ].join("\n");
}

function section(rule: AlertRule): string {
  return [
    `## ${rule.name}`,
    [
      `- severity: ${rule.severity}`,
      `- concern: ${rule.concern}`,
      `- for: ${rule.for ?? "0s"}`,
      ...(rule.keepFiringFor === undefined
        ? []
        : [`- goes on for: ${rule.keepFiringFor} after it no longer holds`]),
      ...(rule.threshold === undefined ? [] : [`- threshold: ${rule.threshold}`]),
      ...thresholdsIn(rule.origin).map((key) => `- setting: \`alerting.thresholds.${key}\``),
      `- origin: ${rule.origin}`,
      `- runbook: [${rule.name}](runbooks/${rule.name}.md)`,
    ].join("\n"),
    `\`\`\`promql\n${rule.expr}\n\`\`\``,
  ].join("\n\n");
}

function recordings(options: RuleOptions): string {
  const rules = recordingRules(options).flatMap(({ rules }) => rules);
  // Those of objectives are alike but for the objective.
  const names = [...new Set(rules.map(({ record }) => record))];
  return [
    "## Recorded series",
    "What boards and alerts read often is computed once, at every evaluation, and can be asked for by anyone. The first part of a name tells the labels that are kept.",
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

/** A template without its machinery: `{{ $labels.instance }}` is `{instance}`. */
function plain(template: string): string {
  return template
    .replace(/\{\{ \$labels\.(\w+) \}\}/g, "{$1}")
    .replace(/\{\{ \$value \}\}/g, "several");
}
