/** Faults in the scraped data that make dashboards and alerts wrong or incomplete. */
import { exporters, math, metrics as m, olderThan, seriesNames } from "../../../vllm/index.ts";
import { VLLM_JOBS, type RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function collectionAlerts(context: RuleContext): RuleGroup<AlertRule> {
  return {
    name: "vllm-collection",
    rules: [
      scrapedTwice(context),
      ...metricMissing(context),
      ...(context.options.gpu ? [gpuExporterDown(context)] : []),
    ],
  };
}

/**
 * Two targets are the same server if their processes started at the same moment and they generate equally
 * many tokens.
 */
function scrapedTwice({ q, time, options }: RuleContext): AlertRule {
  const started = q.series(m.processStartTime, { where: VLLM_JOBS });
  const byStart = `count_values by (job, instance) ("start", ${started})`;
  const tokens = q.increase(m.generationTokens, { by: ["job", "instance"], window: time("1h") });
  const dated = math`${byStart} * on (job, instance) group_left () (${tokens} > 0)`;
  // The alert has only the label `start`; the template finds the targets by it.
  const alike = `{{ range $index, $target := query (printf \`${started} == %s\` $labels.start) | sortByLabel "instance" }}{{ if $index }}, {{ end }}{{ $target.Labels.instance }}{{ end }}`;
  return {
    name: "VllmScrapedTwice",
    severity: "warning",
    concern: "collection",
    expr: math`count by (start) (${dated}) > 1 and max by (start) (${dated}) / min by (start) (${dated}) < 1.01`,
    for: time("30m"),
    meaning: "One engine is scraped as several targets",
    summary: "one engine is scraped as {{ $value }} targets",
    description: `${alike} have the same start and generate the same tokens: they are one server under several addresses, and every sum counts it so often.`,
    value: VALUE.number,
    threshold: "1 target",
    origin:
      "Start times are exact to 10 ms, and two servers do not generate equal numbers of tokens, to 1 %, for an hour.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}

/** The metrics that dashboards and rules need. */
const NEEDED = [
  m.kvCacheUsage,
  m.prefixCacheQueries,
  m.interTokenLatency,
  m.requestTimePerOutputToken,
  m.sleepState,
];

/** No alert if the fleet's oldest vLLM predates every metric that could be missing. */
function metricMissing({ q, time, by, options }: RuleContext): AlertRule[] {
  const { oldestVersion, histograms } = options;
  const missing = NEEDED.filter(
    ({ since }) => !(oldestVersion && since && olderThan(oldestVersion, since)),
  ).map((metric) => {
    const { value, count } = seriesNames(metric);
    const name = value ?? (histograms === "classic" ? count : undefined) ?? metric.name;
    // If several API servers share a metrics page, vLLM exposes this gauge only from the first request on.
    const engines =
      metric === m.kvCacheUsage
        ? q.group(m.requestsRunning, { by: by.instance })
        : q.engines({ by: by.instance });
    const lacking = math`${engines} unless on (job, instance) group by (job, instance) (${name})`;
    return `label_replace(${lacking}, "metric", "${name}", "", "")`;
  });
  if (missing.length === 0) return [];
  const alert: AlertRule = {
    name: "VllmMetricMissing",
    severity: "warning",
    concern: "dashboards",
    expr: missing.join(" or "),
    for: time("15m"),
    meaning: "The server lacks a metric",
    summary: "{{ $labels.instance }} lacks {{ $labels.metric }}",
    description:
      "{{ $labels.instance }} (model {{ $labels.model_name }}) does not expose {{ $labels.metric }}, which dashboards and alerts need: is it an older release than the setting vllm.oldestVersion says?",
    origin:
      "The metrics whose absence leaves panels or alerts empty, by the releases that were read.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
  return [alert];
}

function gpuExporterDown({ q, time, options }: RuleContext): AlertRule {
  return {
    name: "GpuExporterDown",
    severity: "warning",
    concern: "dashboards",
    expr: math`${q.series(exporters.up, { where: { job: "gpu" } })} == 0`,
    for: time("5m"),
    meaning: "The GPU exporter does not answer",
    summary: "the GPU exporter {{ $labels.instance }} does not answer",
    description:
      "Prometheus cannot scrape the GPU exporter {{ $labels.instance }}: nothing is known of the GPUs of that machine.",
    origin: "Five minutes: longer than a restart.",
    dashboard: dashboardUrl(options.links, "stack"),
  };
}
