/** Whether other systems receive what Prometheus sends them. */
import { exporters as e, math, promql } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function remoteWriteAlerts(context: RuleContext): RuleGroup<AlertRule> {
  // Prometheus's own histograms are stored as exposed, whatever the form of vLLM's.
  const own = { ...context, q: promql({ histograms: "classic", window: context.time("5m") }) };
  return {
    name: "prometheus-remote-write",
    rules: context.options.remoteWrite ? [failing(own), behind(own)] : [],
  };
}

const BY = { by: ["instance", "remote_name"] } as const;

function failing({ q, time, options }: RuleContext): AlertRule {
  const samples = q.rate(e.remoteSamplesFailed, BY);
  const lost = math`${samples} + ${q.rate(e.remoteHistogramsFailed, BY)}`;
  return {
    name: "PrometheusRemoteWriteFailing",
    severity: "warning",
    concern: "storage",
    expr: math`${lost} > 0`,
    for: time("10m"),
    meaning: "A remote write receiver refuses samples",
    summary: "{{ $labels.remote_name }} refuses samples that Prometheus sends",
    description: `{{ $labels.remote_name }} refuses ${VALUE.number} samples per second: they are stored here and missing there.`,
    value: `${VALUE.number} per second`,
    threshold: "0",
    origin: "The prometheus-mixin tolerates 1 %; Prometheus does not send a refused sample again.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

/** Seconds. As in the prometheus-mixin. */
const LATE = 120;

function behind({ q, time, options }: RuleContext): AlertRule {
  const newest = q.max(e.remoteNewest, BY);
  return {
    name: "PrometheusRemoteWriteBehind",
    severity: "warning",
    concern: "storage",
    expr: math`${newest} - ${q.max(e.remoteSent, BY)} > ${LATE}`,
    for: time("15m"),
    meaning: "A remote write receiver does not get the newest samples",
    summary: "{{ $labels.remote_name }} does not get the newest samples",
    description: `What {{ $labels.remote_name }} got last is ${VALUE.seconds} older than what Prometheus has. Prometheus keeps for it what is in the write-ahead log, about two hours; older samples are lost there.`,
    value: VALUE.seconds,
    threshold: `${LATE} s`,
    origin: "As in the prometheus-mixin.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}
