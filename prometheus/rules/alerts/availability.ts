/** Servers and models that are gone, and servers whose metrics are missing. */
import { MODEL_OF_TARGET } from "../../../slo/recorded.ts";
import { exporters, math, matches, metrics as m } from "../../../vllm/index.ts";
import { targetsUp, VLLM_JOBS, withModel, type RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function availabilityAlerts(context: RuleContext): RuleGroup<AlertRule> {
  return {
    name: "vllm-availability",
    rules: [
      targetDown(context),
      targetFlapping(context),
      modelDown(context),
      modelVanished(context),
      targetVanished(context),
      metricsVanished(context),
      scrapeSlow(context),
      engineRestarts(context),
    ],
  };
}

function targetDown({ q, time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.downSeconds;
  // How long the scrape took says why it failed: the value of the alert.
  const took = q.series(exporters.scrapeDuration, { where: VLLM_JOBS });
  const down = math`${took} and on (job, instance) (${targetsUp(q)} == 0)`;
  return {
    name: "VllmTargetDown",
    severity: "warning",
    concern: "availability",
    expr: math`${withModel(down)} or on (job, instance) ${down}`,
    for: time(`${limit}s`),
    meaning: "The server cannot be scraped",
    summary: "{{ $labels.instance }} cannot be scraped",
    description:
      "Scrapes of {{ $labels.instance }} (job {{ $labels.job }}{{ with $labels.model_name }}, model {{ . }}{{ end }}) fail, the last one after {{ $value | humanizeDuration }}. At once: nothing listens there. After the scrape timeout: the host is unreachable, or the server is too busy to answer and may still serve requests.",
    value: `${VALUE.seconds} until the scrape failed`,
    threshold: `${limit} s`,
    thresholds: ["downSeconds"],
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

/** A server that answers now and then: each answer restarts the waiting time of VllmTargetDown. */
function targetFlapping({ q, time, options }: RuleContext): AlertRule {
  const window = time("30m");
  const up = targetsUp(q);
  const flaps = math`1 - avg_over_time(${up}[${window}]) > 0.25 and changes(${up}[${window}]) >= 6`;
  return {
    name: "VllmTargetFlapping",
    severity: "warning",
    concern: "availability",
    expr: math`${withModel(flaps)} or on (job, instance) ${flaps}`,
    meaning: "The server is flapping",
    summary: "{{ $labels.instance }} is flapping",
    description:
      "{{ $value | humanizePercentage }} of the scrapes of {{ $labels.instance }} (job {{ $labels.job }}{{ with $labels.model_name }}, model {{ . }}{{ end }}) failed within half an hour, with successful scrapes in between.",
    value: VALUE.percent,
    threshold: "25 % within 30 minutes",
    origin:
      "A restart is one failure and one success, however long the model loads; three within half an hour, with a quarter of the time lost, are no deployment. Our choice.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function modelDown({ q, time, by, options }: RuleContext): AlertRule {
  const limit = options.thresholds.downSeconds;
  const down = math`${MODEL_OF_TARGET} and on (job, instance) (${targetsUp(q)} == 0)`;
  const there = q.engines({ by: by.model });
  return {
    name: "VllmModelDown",
    severity: "critical",
    concern: "availability",
    expr: math`count by (model_name) (${down}) unless on (model_name) (${there})`,
    for: time(`${limit}s`),
    meaning: "No server of the model can be scraped",
    summary: "no server of {{ $labels.model_name }} can be scraped",
    description:
      "Scrapes of all servers of {{ $labels.model_name }} fail ({{ $value }} of them). Unless only their metrics pages hang, the model answers no request.",
    value: `${VALUE.number} servers`,
    threshold: `${limit} s`,
    thresholds: ["downSeconds"],
    origin: "A restart of a model's only server is no incident within that time either.",
    dashboard: dashboardUrl(options.links, "overview", "model_name"),
  };
}

/** A model that a target used to serve and that no target serves now, although the target answers. */
function modelVanished({ q, time, options }: RuleContext): AlertRule {
  const known = `last_over_time(${MODEL_OF_TARGET}[${time("1h")}])`;
  return {
    name: "VllmModelVanished",
    severity: "warning",
    concern: "availability",
    expr: math`${known} unless on (model_name) ${MODEL_OF_TARGET} and on (job, instance) (${targetsUp(q)} == 1)`,
    for: time("5m"),
    meaning: "No target serves the model any more",
    summary: "no target serves {{ $labels.model_name }} any more",
    description:
      "{{ $labels.instance }} (job {{ $labels.job }}) served {{ $labels.model_name }} within the last hour. It still answers scrapes, but serves another model now, and so does every other target: requests for {{ $labels.model_name }} get HTTP 404.",
    origin:
      "A renamed or replaced model leaves no series that could be 0; an hour of memory tells it from one that never was.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function targetVanished({ q, time, options }: RuleContext): AlertRule {
  const known = `last_over_time(${MODEL_OF_TARGET}[${time("1h")}])`;
  return {
    name: "VllmTargetVanished",
    severity: "warning",
    concern: "collection",
    expr: math`${known} unless on (job, instance) ${targetsUp(q)}`,
    for: time("5m"),
    meaning: "The server is no longer scraped",
    summary: "{{ $labels.instance }} is no longer scraped",
    description:
      "{{ $labels.instance }} (model {{ $labels.model_name }}) was scraped within the last hour and is no longer in Prometheus's configuration.",
    origin:
      "A target that was removed has no up series that could be 0; an hour of memory tells it from one that never was.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function metricsVanished({ q, time, options }: RuleContext): AlertRule {
  // Routers expose the same name without the label `engine`; that is not a fault here.
  const any = q.engines({ by: ["job", "instance"], where: { engine: matches(".*") } });
  return {
    name: "VllmMetricsVanished",
    severity: "warning",
    concern: "collection",
    expr: math`${targetsUp(q)} == 1 unless on (job, instance) ${any}`,
    for: time("5m"),
    meaning: "The server is up, but has no vLLM metrics",
    summary: "{{ $labels.instance }} is up, but has no vLLM metrics",
    description:
      "The metrics page of {{ $labels.instance }} (job {{ $labels.job }}) has no metric of a vLLM engine.",
    origin: "Every release since 0.8 has vllm:request_success_total from its start on.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

function scrapeSlow({ q, time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.scrapeSeconds;
  const duration = q.series(exporters.scrapeDuration, { where: VLLM_JOBS });
  const slow = math`avg_over_time(${duration}[${time("5m")}]) > ${limit} and on (job, instance) (max_over_time(${targetsUp(q)}[${time("5m")}]) == 1)`;
  return {
    name: "VllmScrapeSlow",
    severity: "warning",
    concern: "collection",
    expr: math`${withModel(slow)} or on (job, instance) ${slow}`,
    for: time("5m"),
    meaning: "The metrics page of the server is slow",
    summary: "the metrics page of {{ $labels.instance }} is slow",
    description:
      "A scrape of {{ $labels.instance }} takes {{ $value | humanizeDuration }} on average: its API server is busy, or the network is slow.",
    value: VALUE.seconds,
    threshold: `${limit} s`,
    thresholds: ["scrapeSeconds"],
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function engineRestarts({ q, time, by, options }: RuleContext): AlertRule {
  const limit = options.thresholds.restarts;
  const window = time("1h");
  const start = q.series(m.processStartTime, { where: VLLM_JOBS });
  // With several API servers there is no start time: then this counts how often counters fell back to 0.
  const resets = q.resets(m.generationTokens, { by: by.instance, window });
  const starts = math`changes(${start}[${window}])`;
  return {
    name: "VllmEngineRestarts",
    severity: "critical",
    concern: "availability",
    expr: math`${withModel(math`${starts} >= ${limit}`)} or on (job, instance) ${resets} >= ${limit}`,
    meaning: "The server restarted several times within an hour",
    summary: "{{ $labels.instance }} restarted {{ $value }} times within an hour",
    description:
      "{{ $labels.instance }} (model {{ $labels.model_name }}) started {{ $value }} times within the last hour.",
    value: VALUE.number,
    threshold: `${limit} within an hour`,
    thresholds: ["restarts"],
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}
