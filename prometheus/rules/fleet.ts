/** Series per job and model, for dashboards about the whole fleet. */
import {
  DROPPED_STREAMS,
  droppedStreams,
  ENGINES,
  math,
  promql,
  RECORDED,
  RECORDED_BY,
  recordedName,
  recordingTimes,
  type Metric,
  type Promql,
  type Recorded,
  type RecordedGauge,
  type RecordedHistogram,
} from "../../vllm/index.ts";
import type { RecordingRule, RuleGroup } from "./rule.ts";
import type { RuleOptions } from "./ruleOptions.ts";

/**
 * The rules that record per job and model. Their times follow from the scrape intervals. A drill does not
 * scale them, because people only look at these series.
 */
export function fleetGroups(options: RuleOptions): RuleGroup<RecordingRule>[] {
  const { histograms, oldestVersion, customBuckets, longestScrapeInterval, canary } = options;
  const { interval, window } = recordingTimes(longestScrapeInterval);
  const q = promql({
    ...{ histograms, customBuckets, window: seconds(window) },
    ...(oldestVersion && { oldestVersion }),
  });
  const groups: Record<string, RecordingRule[]> = {
    "fleet-engines": [engines(q), ...RECORDED.gauges.flatMap((one) => gaugeRules(q, one))],
    "fleet-counters": [...RECORDED.counters.map((one) => counterRule(q, one)), dropped(q, window)],
    "fleet-http": [httpRule(q)],
    "fleet-latencies": RECORDED.latencies.flatMap((one) => histogramRules(q, histograms, one)),
    "fleet-lengths": RECORDED.lengths.flatMap((one) => histogramRules(q, histograms, one)),
    "fleet-canary": canary
      ? [
          ...RECORDED.canaryGauges.flatMap((one) => gaugeRules(q, one)),
          ...RECORDED.canaryCounters.map((one) => counterRule(q, one)),
        ]
      : [],
  };
  return Object.entries(groups)
    .filter(([, rules]) => rules.length > 0)
    .map(([name, rules]) => ({
      ...{ name, interval: seconds(interval) },
      rules: [...rules, ...rules.filter(isRate).map((one) => overFiveMinutes(one, interval))],
    }));
}

function isRate({ record }: RecordingRule): boolean {
  return record.endsWith(":rate");
}

/**
 * The same over five minutes: otherwise percentile lines would read twenty samples for each point. It is a
 * sum because a mean would not fall after the last server is gone.
 */
function overFiveMinutes({ record, has }: RecordingRule, interval: number): RecordingRule {
  return { record: `${record}5m`, expr: `sum_over_time(${record}[5m]) * ${interval} / 300`, has };
}

function engines(q: Promql): RecordingRule {
  return rule({ metric: ENGINES }, "sum", q.engineCount({ by: RECORDED_BY }));
}

function gaugeRules(q: Promql, recorded: RecordedGauge): RecordingRule[] {
  return recorded.as.map((aggregation) =>
    rule(recorded, aggregation, q[aggregation](recorded.metric, { by: labelsOf(recorded) })),
  );
}

function counterRule(q: Promql, recorded: Recorded): RecordingRule {
  return rule(recorded, "rate", q.rate(recorded.metric, { by: labelsOf(recorded) }));
}

/** The answers of each server count towards the model that it serves. */
function httpRule(q: Promql): RecordingRule {
  const ofServer = { by: ["job", "instance", ...(RECORDED.http.by ?? [])] };
  const model = `topk by (job, instance) (1, ${q.engines({ by: ["job", "instance", "model_name"] })})`;
  const answers = math`${q.rate(RECORDED.http.metric, ofServer)} * on (job, instance) group_left (model_name) ${model}`;
  return rule(RECORDED.http, "rate", `sum by (${labelsOf(RECORDED.http).join(", ")}) (${answers})`);
}

function dropped(q: Promql, window: number): RecordingRule {
  const inWindow = droppedStreams(q, { by: RECORDED_BY });
  return rule({ metric: DROPPED_STREAMS }, "rate", math`${inWindow} / ${window}`);
}

/** The parts of a classic histogram, or the native histogram, which has them all. */
function histogramRules(
  q: Promql,
  form: RuleOptions["histograms"],
  recorded: RecordedHistogram,
): RecordingRule[] {
  const { metric, only } = recorded;
  const by = labelsOf(recorded);
  const has = { ...recorded, by: recorded.by ?? [] };
  if (form === "native") {
    return [rule(has, "rate", q.distribution(metric, { by }), "native")];
  }
  const buckets = { metric, by: [...has.by, "le"] };
  const distribution = [rule(buckets, "rate", q.distribution(metric, { by }), "bucket")];
  const mean = [
    rule(has, "rate", q.total(metric, { by }), "sum"),
    rule(has, "rate", q.observations(metric, { by }), "count"),
  ];
  return { mean, distribution, all: [...distribution, ...mean] }[only ?? "all"];
}

function rule(
  recorded: Recorded<Metric>,
  operation: Parameters<typeof recordedName>[1],
  expr: string,
  part: Parameters<typeof recordedName>[2] = "value",
): RecordingRule {
  return {
    record: recordedName(recorded.metric, operation, part),
    expr,
    has: [...RECORDED_BY, ...(recorded.by ?? [])],
  };
}

function labelsOf({ by = [] }: Recorded<Metric>): string[] {
  return [...RECORDED_BY, ...by];
}

function seconds(value: number): string {
  return Number.isInteger(value) ? `${value}s` : `${Math.round(value * 1000)}ms`;
}
