/** Faults that the canary finds, and faults that keep it from finding anything. */
import { CANARY_JOB } from "../../../common/jobs.ts";
import { CANARY_FAILURES, canaryFailing, exporters as e, math } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function canaryAlerts(context: RuleContext): RuleGroup<AlertRule> {
  const rules = context.options.canary
    ? [canaryFails(context), canaryMisconfigured(context), canaryDown(context)]
    : [];
  return { name: "canary", rules };
}

function canaryFails({ q, by, options }: RuleContext): AlertRule {
  return {
    name: "VllmCanaryFailing",
    severity: "critical",
    concern: "stall",
    expr: canaryFailing(q, by.engine),
    meaning: "The server does not answer completions",
    summary: "{{ $labels.instance }} does not answer completions",
    description: `The last ${VALUE.number} completions that the canary sent to engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) timed out, broke off or got a server error. Users' requests to this engine fail in the same way, even if /health succeeds.`,
    value: `${VALUE.number} failures in a row`,
    threshold: `${CANARY_FAILURES} failures in a row`,
    origin:
      "Two in a row, so that one lost connection is no incident. With the default interval of 30 s and timeout of 20 s the second failure is known 80 s after the fault at the latest, and the alert fires within two minutes. Our choice.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function canaryMisconfigured({ q, by, time, options }: RuleContext): AlertRule {
  const during = { by: by.engine, window: time("10m") };
  const refused = q.increase(e.canaryProbes, { ...during, where: { outcome: "http_4xx" } });
  const answered = q.increase(e.canaryProbes, { ...during, where: { outcome: "ok" } });
  return {
    name: "VllmCanaryMisconfigured",
    severity: "warning",
    concern: "collection",
    expr: math`${refused} > 0 unless ${answered} > 0`,
    for: time("5m"),
    meaning: "The server refuses the canary's requests",
    summary: "{{ $labels.instance }} refuses the canary's requests",
    description:
      "{{ $labels.instance }} (model {{ $labels.model_name }}) answers the canary's completions with HTTP 4xx, and none succeeded in ten minutes: the canary cannot tell whether this server works.",
    origin:
      "A 4xx says that the request is wrong: no API key, a wrong one, or a server without completions. Ten minutes are 20 completions with the default interval. Our choice.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function canaryDown({ q, time, options }: RuleContext): AlertRule {
  return {
    name: "CanaryDown",
    severity: "warning",
    concern: "collection",
    expr: math`${q.series(e.up, { where: { job: CANARY_JOB } })} == 0`,
    for: time("5m"),
    meaning: "The canary is down",
    summary: "the canary is down",
    description:
      "Prometheus cannot scrape the canary: no server is probed, and VllmCanaryFailing cannot fire.",
    origin: "Five minutes: longer than a restart.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}
