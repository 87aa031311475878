/** What a rule is, and how it stands in a rule file. */
import type { AlertName } from "./alerts/names.ts";
import type { AlertThresholds } from "./alertThresholds.ts";

/** A series that is computed at each evaluation and kept. */
export interface RecordingRule {
  record: RecordName;
  expr: string;
  /** Labels that are set on it. */
  labels?: Record<string, string>;
  /** Labels that its series have, these included. */
  has: readonly string[];
}

/** `level:metric:operations`: what is kept, of what, and how it was computed. */
export type RecordName = `${string}:${string}:${string}`;

/** What an alert is about: of one concern, critical alerts silence warnings. */
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
  /** How long it must hold; a Prometheus duration. */
  for?: string;
  /** How long it goes on after it no longer holds; a Prometheus duration. */
  keepFiringFor?: string;
  /** What it means whatever it is about: a sentence without labels, for tables of alerts. */
  meaning: string;
  /** What is wrong, where and how much, in half a sentence. */
  summary: string;
  /** What was found and what is expected, in sentences. */
  description: string;
  /** The value as people read it, a template. */
  value?: string;
  /** The number from which on it fires, as people read it. */
  threshold?: string;
  /** The settings that say from where on it fires. */
  thresholds?: readonly (keyof AlertThresholds)[];
  /** Where what is no setting comes from. */
  origin?: string;
  /** URL of the dashboard that shows it, a template. */
  dashboard: string;
  labels?: Record<string, string>;
}

/** Rules that are evaluated one after the other. */
export interface RuleGroup<R = RecordingRule | AlertRule> {
  name: string;
  /** Only where it differs from the stack's. */
  interval?: string;
  rules: R[];
}

/** A group as a rule file has it. */
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
