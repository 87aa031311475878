/**
 * Whether Prometheus stores what it scrapes. Without a node exporter, Prometheus cannot know how full the
 * host's disk is: a full disk shows as write failures.
 */
import { exporters as e, math, promql } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function storageAlerts(context: RuleContext): RuleGroup<AlertRule> {
  // Prometheus's own histograms are stored as exposed, whatever the form of vLLM's.
  const own = { ...context, q: promql({ histograms: "classic", window: context.time("5m") }) };
  return {
    name: "prometheus-storage",
    rules: [notIngesting(own), writeFailing(own), compactionsFailing(own)],
  };
}

const BY = { by: ["instance"] } as const;

function notIngesting({ q, time, options }: RuleContext): AlertRule {
  // If Prometheus stores nothing, this counter has no samples either.
  const known = math`${q.resets(e.samplesAppended, { ...BY, window: time("1h") })} >= 0`;
  return {
    name: "PrometheusNotIngesting",
    severity: "critical",
    concern: "storage",
    expr: math`${known} unless ${q.rate(e.samplesAppended, BY)} > 0`,
    for: time("10m"),
    meaning: "Prometheus stores no samples",
    summary: "Prometheus stores no samples",
    description:
      "Prometheus has stored no sample for five minutes or more: dashboards stay empty and no other alert can fire.",
    threshold: "no sample in 5 min",
    origin:
      "As in the prometheus-mixin, and also where its own metrics are gone, which is the case when it cannot store them. It ends after an hour, when nothing is known any more.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function writeFailing({ q, time, options }: RuleContext): AlertRule {
  const during = { ...BY, window: time("1h") };
  const failures = [e.walWriteFailures, e.walTruncationFailures, e.walCorruptions].map(
    (metric) => math`${q.increase(metric, during)} > 0`,
  );
  return {
    name: "PrometheusWriteFailing",
    severity: "critical",
    concern: "storage",
    expr: failures.join(" or "),
    meaning: "Prometheus fails to write its write-ahead log",
    summary: "Prometheus fails to write its write-ahead log",
    description:
      "Within the last hour Prometheus could not write or truncate its write-ahead log, or found it corrupt: samples are lost, and a restart may lose more. The disk is full or broken.",
    threshold: "0",
    origin: "As in the prometheus-mixin, which has the corruptions only.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function compactionsFailing({ q, time, options }: RuleContext): AlertRule {
  const failed = q.increase(e.compactionFailures, { ...BY, window: time("3h") });
  return {
    name: "PrometheusCompactionsFailing",
    severity: "warning",
    concern: "storage",
    expr: math`${failed} > 0`,
    for: time("1h"),
    meaning: "Prometheus fails to compact its data",
    summary: "Prometheus fails to compact its data",
    description: `${VALUE.number} compactions failed within three hours: recent samples stay in memory and in the write-ahead log, which grow until the disk or the memory is full.`,
    value: VALUE.number,
    threshold: "0",
    origin:
      "As in the prometheus-mixin, after one hour instead of four: the data of a stack on one disk has no second copy.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}
