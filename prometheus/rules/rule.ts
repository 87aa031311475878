/** What a rule is, and its form in a rule file. */
import type { AlertName } from "./alerts/names.ts";
import type { AlertThresholds } from "./alertThresholds.ts";

/** A series that Prometheus computes at each evaluation and stores. */
export interface RecordingRule {
  record: RecordName;
  expr: string;
  /** Labels that the rule sets on the series. */
  labels?: Record<string, string>;
  /** All labels of the rule's series, including these. */
  has: readonly string[];
}

/** `level:metric:operations`: the labels that are kept, the metric, and how the series is computed. */
export type RecordName = `${string}:${string}:${string}`;

/** What an alert is about. A critical alert inhibits the warnings of the same concern. */
export type Concern =
  | "slo"
  | "availability"
  | "errors"
  | "saturation"
  | "cache"
  | "stall"
  | "balance"
  | "gpu"
  | "collection"
  | "prometheus"
  | "storage"
  | "delivery"
  | "dashboards";

/** A rule that notifies people. Texts are Prometheus templates. */
export interface AlertRule {
  name: AlertName;
  severity: "critical" | "warning" | "none";
  concern: Concern;
  expr: string;
  /** How long the condition must hold before the alert fires; a Prometheus duration. */
  for?: string;
  /** How long the alert keeps firing after the condition no longer holds; a Prometheus duration. */
  keepFiringFor?: string;
  /** What the alert means in general: a sentence without labels, for tables of alerts. */
  meaning: string;
  /** What is wrong, where and how much, in half a sentence. */
  summary: string;
  /** What was found and what is expected, in sentences. */
  description: string;
  /** The value in readable form, a template. */
  value?: string;
  /** The threshold at which the alert fires, in readable form. */
  threshold?: string;
  /** The settings that determine the threshold. */
  thresholds?: readonly (keyof AlertThresholds)[];
  /** The source of the numbers that are not settings. */
  origin?: string;
  /** URL of the dashboard that shows it, a template. */
  dashboard: string;
  labels?: Record<string, string>;
}

/** Rules that are evaluated one after the other. */
export interface RuleGroup<R = RecordingRule | AlertRule> {
  name: string;
  /** Set only if it differs from the stack's. */
  interval?: string;
  rules: R[];
}

/** A rule group in the form of a rule file. */
export function groupObject(
  { name, interval, rules }: RuleGroup,
  runbook: (alert: string) => string,
): object {
  return {
    name,
    ...(interval !== undefined && { interval }),
    rules: rules.map((rule) =>
      "record" in rule ? recordObject(rule) : alertObject(rule, runbook),
    ),
  };
}

function recordObject({ record, expr, labels }: RecordingRule): object {
  return { record, expr, ...(labels && { labels }) };
}

function alertObject(alert: AlertRule, runbook: (alert: string) => string): object {
  return {
    alert: alert.name,
    expr: alert.expr,
    ...(alert.for !== undefined && { for: alert.for }),
    ...(alert.keepFiringFor !== undefined && { keep_firing_for: alert.keepFiringFor }),
    labels: { severity: alert.severity, concern: alert.concern, ...alert.labels },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      ...(alert.value !== undefined && { value: alert.value }),
      ...(alert.threshold !== undefined && { threshold: alert.threshold }),
      dashboard_url: alert.dashboard,
      runbook_url: runbook(alert.name),
    },
  };
}
