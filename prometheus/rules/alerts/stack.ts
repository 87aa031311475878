/** The stack's own health: whether it still scrapes, evaluates rules and sends notifications. */
import { percent } from "../../../common/percent.ts";
import { exporters as e, math, promql, ratio } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function stackAlerts(context: RuleContext): RuleGroup<AlertRule> {
  // The histograms of the stack's own servers are stored as exposed, whatever the form of vLLM's.
  const q = promql({ histograms: "classic", window: context.time("5m") });
  const own = { ...context, q };
  const { alertmanager } = context.options;
  return {
    name: "stack",
    rules: [
      watchdog(own),
      prometheusConfigReloadFailed(own),
      rulesFailing(own),
      scrapeLimitHit(own),
      timestampsOutOfBounds(own),
      storageFilling(own),
      seriesAbovePlan(own),
      ...(alertmanager
        ? [unreachable(own), amConfigReloadFailed(own), notificationsFailing(own)]
        : []),
      grafanaDown(own),
    ],
  };
}

function watchdog({ options }: RuleContext): AlertRule {
  return {
    name: "Watchdog",
    severity: "none",
    concern: "delivery",
    expr: "vector(1)",
    meaning: "Alerting works",
    summary: "alerting works",
    description:
      "Always firing. A receiver that expects it can tell when Prometheus or Alertmanager falls silent.",
    origin: "The dead man's switch of kube-prometheus.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function prometheusConfigReloadFailed({ q, time, options }: RuleContext): AlertRule {
  // The maximum over five minutes, so that one failed scrape of Prometheus by itself changes nothing.
  const reloaded = q.max(e.configReloaded, { by: ["instance"], window: time("5m") });
  return {
    name: "PrometheusConfigReloadFailed",
    severity: "critical",
    concern: "prometheus",
    expr: math`${reloaded} == 0`,
    for: time("5m"),
    meaning: "Prometheus refuses its new configuration",
    summary: "Prometheus refuses its new configuration",
    description:
      "Prometheus could not load its changed configuration and goes on with the old one: new targets are not scraped, new rules not evaluated.",
    origin: "As in the prometheus-mixin.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function rulesFailing({ q, time, options }: RuleContext): AlertRule {
  const by = ["rule_group"] as const;
  const failures = q.increase(e.ruleFailures, { by });
  const missed = q.increase(e.ruleGroupsMissed, { by });
  return {
    name: "PrometheusRulesFailing",
    severity: "critical",
    concern: "prometheus",
    expr: math`${failures} > 0 or ${missed} > 0`,
    for: time("5m"),
    meaning: "Rules fail or are skipped",
    summary: "rules fail or are left out",
    description:
      'Rules of the group {{ $labels.rule_group }} failed or were not evaluated in time ({{ $value | printf "%.0f" }} within five minutes): the alerts in it may not fire.',
    value: VALUE.number,
    threshold: "0",
    origin: "As in the prometheus-mixin: an alert whose rule fails cannot fire.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function scrapeLimitHit({ q, time, options }: RuleContext): AlertRule {
  const discarded = q.increase(e.sampleLimitExceeded, { by: ["instance"] });
  return {
    name: "PrometheusScrapeLimitHit",
    severity: "warning",
    concern: "collection",
    expr: math`${discarded} > 0`,
    for: time("5m"),
    meaning: "Scrapes are discarded: a target exposes too many samples",
    summary: "scrapes are thrown away",
    description:
      'Prometheus threw {{ $value | printf "%.0f" }} scrapes away within five minutes, since they had more samples than its limit allows (prometheus.sampleLimit).',
    value: VALUE.number,
    threshold: "0",
    origin: "As in the prometheus-mixin: what is thrown away is missing everywhere.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function timestampsOutOfBounds({ q, time, options }: RuleContext): AlertRule {
  const discarded = q.increase(e.samplesOutOfBounds, { by: ["instance"] });
  return {
    name: "PrometheusTimestampsOutOfBounds",
    severity: "warning",
    concern: "collection",
    expr: math`${discarded} > 0`,
    for: time("5m"),
    meaning: "Samples are discarded: a target gives them wrong timestamps",
    summary: "samples with wrong timestamps are thrown away",
    description:
      'Prometheus threw {{ $value | printf "%.0f" }} samples away within five minutes, since a target gave them timestamps far in the past or in the future. Its scrapes succeed, but its series are missing.',
    value: VALUE.number,
    threshold: "0",
    origin:
      "Prometheus takes timestamps from about an hour ago to ten minutes ahead. vLLM gives none; a proxy or an exporter in between may.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function storageFilling({ q, time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.storageShare;
  const used = math`${q.series(e.blocksSize)} + ${q.series(e.walSize)} + ${q.series(e.headChunksSize)}`;
  const share = ratio(used, q.series(e.retentionSize));
  const kept = math`time() - ${q.series(e.oldestSample)}`;
  return {
    name: "PrometheusStorageFilling",
    severity: "warning",
    concern: "storage",
    expr: math`${share} > ${limit} and ${kept} < 0.95 * ${q.series(e.retentionTime)}`,
    for: time("1h"),
    meaning: "Prometheus keeps samples for less than retention.time",
    summary: "Prometheus keeps samples for less than retention.time",
    description: `{{ $value | humanizePercentage }} of retention.size are in use, and not all of retention.time is kept yet: from ${percent(limit)} on the oldest samples go early, and with them the past that objectives look back on.`,
    value: VALUE.percent,
    threshold: percent(limit),
    thresholds: ["storageShare"],
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function seriesAbovePlan({ q, time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.headSeries;
  return {
    name: "PrometheusSeriesAbovePlan",
    severity: "warning",
    concern: "storage",
    expr: math`${q.series(e.headSeries)} > ${limit}`,
    for: time("15m"),
    meaning: "Prometheus holds more series than planned",
    summary: "Prometheus holds more series than planned",
    description: `Prometheus holds ${VALUE.number} series in memory; ${limit} were planned.`,
    value: VALUE.number,
    threshold: `${limit}`,
    thresholds: ["headSeries"],
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function unreachable({ q, time, options }: RuleContext): AlertRule {
  const errors = q.increase(e.notificationErrors, { by: ["instance"] });
  const dropped = q.increase(e.notificationsDropped, { by: ["instance"] });
  const found = q.max(e.alertmanagersFound, { by: ["instance"], window: time("5m") });
  return {
    name: "AlertmanagerUnreachable",
    severity: "critical",
    concern: "delivery",
    expr: math`${errors} > 0 or ${dropped} > 0 or ${found} < 1`,
    for: time("5m"),
    meaning: "Alerts do not reach Alertmanager",
    summary: "alerts do not reach Alertmanager",
    description:
      "Prometheus cannot send alerts to Alertmanager, or drops them: no notification is sent. This alert too is seen only in Prometheus and Grafana.",
    origin: "As in the prometheus-mixin.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function amConfigReloadFailed({ q, time, options }: RuleContext): AlertRule {
  const reloaded = q.max(e.alertmanagerConfigReloaded, { by: ["instance"], window: time("5m") });
  return {
    name: "AlertmanagerConfigReloadFailed",
    severity: "critical",
    concern: "delivery",
    expr: math`${reloaded} == 0`,
    for: time("5m"),
    meaning: "Alertmanager refuses its new configuration",
    summary: "Alertmanager refuses its new configuration",
    description:
      "Alertmanager could not load its changed configuration and goes on with the old one: new receivers and routes have no effect.",
    origin: "As in the alertmanager-mixin.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function notificationsFailing({ q, time, options }: RuleContext): AlertRule {
  const by = ["integration", "receiver_name"] as const;
  const failed = q.rate(e.alertmanagerNotificationFailures, { by });
  const share = ratio(failed, q.rate(e.alertmanagerNotifications, { by }));
  return {
    name: "AlertmanagerNotificationsFailing",
    severity: "critical",
    concern: "delivery",
    expr: math`${share} > 0.01`,
    for: time("5m"),
    meaning: "Notifications to a receiver fail",
    summary: "messages to {{ $labels.receiver_name }} fail",
    description:
      "{{ $value | humanizePercentage }} of the messages by {{ $labels.integration }} to {{ $labels.receiver_name }} are refused or not answered.",
    value: VALUE.percent,
    threshold: "1 %",
    origin: "As in the alertmanager-mixin.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function grafanaDown({ q, time, options }: RuleContext): AlertRule {
  return {
    name: "GrafanaDown",
    severity: "warning",
    concern: "dashboards",
    expr: math`${q.series(e.up, { where: { job: "grafana" } })} == 0`,
    for: time("5m"),
    meaning: "Grafana does not answer",
    summary: "Grafana does not answer",
    description:
      "Prometheus cannot scrape Grafana: dashboards and runbooks are not available. In the project's folder, `npm run status` shows the state of the stack, and `npm run up` brings back what is missing.",
    origin: "Five minutes: longer than a restart.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}
