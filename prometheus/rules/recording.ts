/** Series that dashboards and alerts read often, recorded per model and per instance. */
import { scaledSeconds } from "../../common/timeScale.ts";
import { MODEL_OF_TARGET, START_TIME, TARGETS } from "../../slo/recorded.ts";
import { math, metrics as m, orZero, ratio, RECORDED_BY } from "../../vllm/index.ts";
import { targetsUp, withModel, type RuleContext } from "./ruleContext.ts";
import type { RecordingRule, RuleGroup } from "./rule.ts";
import { standstillRules } from "./stalledEngines.ts";

/** The recording rules, except those of objectives. */
export function recordingGroups(context: RuleContext): RuleGroup<RecordingRule>[] {
  return [
    { name: "vllm-targets", rules: [modelOfTarget(context), targets, startTime(context)] },
    { name: "vllm-engines", rules: [engineSteps(context), ...standstillRules(context)] },
    { name: "vllm-models", rules: LEVELS.flatMap((level) => levelRules(context, level)) },
  ];
}

type RecordedLevel = "model" | "instance";

const LEVELS: readonly RecordedLevel[] = ["model", "instance"];

/**
 * A target's model, or its last known model, for as long as the target is configured in Prometheus. The
 * rule remembers the model through its own last result; after an outage of Prometheus itself, through its
 * last result within a day.
 */
function modelOfTarget({ q, time, by }: RuleContext): RecordingRule {
  const present = q.engines({ by: by.instance });
  const up = targetsUp(q);
  const said = `max_over_time(timestamp(${MODEL_OF_TARGET})[${time("1d")}:${time("5m")}])`;
  const last = `group by (${by.instance.join(", ")}) (topk by (job, instance) (1, ${said}))`;
  return {
    record: MODEL_OF_TARGET,
    expr: math`${present} or on (job, instance) (${MODEL_OF_TARGET} and on (job, instance) ${up}) or on (job, instance) (${last} and on (job, instance) ${up})`,
    has: by.instance,
  };
}

/** Shows which models should exist, without a series for each target. */
const targets: RecordingRule = {
  record: TARGETS,
  expr: `count by (${RECORDED_BY.join(", ")}) (${MODEL_OF_TARGET})`,
  has: RECORDED_BY,
};

/**
 * A server's start is the start time that its process exposes. Several API servers expose none: then it is
 * the time at which the server's counters fell to 0, and this series ends after a minute.
 */
function startTime({ q, by, time, options }: RuleContext): RecordingRule {
  const scrapes = 4 * options.longestScrapeInterval;
  const window = `${1000 * Math.max(scaledSeconds(time, "1m"), scrapes)}ms`;
  const target = by.instance.filter((label) => label !== "model_name");
  const counted = math`${q.resets(m.generationTokens, { by: target, window })} > 0`;
  const started = math`${q.series(m.processStartTime)} or on (job, instance) ${counted} * 0 + time()`;
  return {
    record: START_TIME,
    expr: withModel(`max by (${target.join(", ")}) (${started})`),
    has: by.instance,
  };
}

/** Steps per second of each engine. A stalled engine makes none. */
function engineSteps({ q, by }: RuleContext): RecordingRule {
  return {
    record: ENGINE_STEPS,
    expr: q.observations(m.iterationTokens, { by: by.engine }),
    has: by.engine,
  };
}

export const ENGINE_STEPS = "engine:vllm_engine_steps:rate5m";

/** Requests that succeeded: neither failed nor aborted by the client. */
export const SUCCEEDED = { finished_reason: ["stop", "length"] } as const;

function levelRules(context: RuleContext, level: RecordedLevel): RecordingRule[] {
  const { q, time } = context;
  const by = context.by[level];
  const rule = (metric: string, operations: string, expr: string): RecordingRule => ({
    record: `${level}:${metric}:${operations}`,
    expr,
    has: by,
  });
  const halfHour = { by, window: time("30m") };
  const finished = q.rate(m.requestsFinished, { by });
  const failed = q.rate(m.requestsFinished, { by, where: { finished_reason: "error" } });
  const common = [
    rule("vllm_requests", "rate5m", finished),
    rule("vllm_request_errors", "rate5m", orZero(failed, finished)),
    rule("vllm_request_errors", "ratio_rate5m", ratio(orZero(failed, finished), finished)),
    rule("vllm_prompt_tokens", "rate5m", q.rate(m.promptTokens, { by })),
    rule("vllm_generation_tokens", "rate5m", q.rate(m.generationTokens, { by })),
    rule("vllm_requests_running", "sum", q.sum(m.requestsRunning, { by })),
    rule("vllm_requests_waiting", "sum", q.sum(m.requestsWaiting, { by })),
    rule("vllm_kv_cache_usage", "max", q.max(m.kvCacheUsage, { by })),
    rule("vllm_preemptions", "rate5m", q.rate(m.preemptions, { by })),
    ...LATENCIES.flatMap(([name, metric]) => [
      ...QUANTILES[level].map((share) =>
        rule(name, `p${share * 100}_rate5m`, q.quantile(share, metric, { by })),
      ),
      rule(name, "mean_rate5m", q.mean(metric, { by })),
    ]),
    rule(
      "vllm_prefix_cache_hits",
      "ratio_rate5m",
      ratio(q.rate(m.prefixCacheHits, { by }), q.rate(m.prefixCacheQueries, { by })),
    ),
  ];
  if (level === "instance") return common;
  return [
    ...common,
    rule(
      "vllm_admission_rejections",
      "rate5m",
      q.rate(m.admissionRejections, { by: context.by.model }),
    ),
    rule("vllm_requests_waiting", "avg5m", q.sum(m.requestsWaiting, { by, window: time("5m") })),
    rule(
      "vllm_prefix_cache_hits",
      "ratio_rate30m",
      ratio(q.rate(m.prefixCacheHits, halfHour), q.rate(m.prefixCacheQueries, halfHour)),
    ),
    rule(
      "vllm_external_prefix_cache_hits",
      "ratio_rate5m",
      ratio(
        q.rate(m.externalPrefixCacheHits, { by }),
        q.rate(m.externalPrefixCacheQueries, { by }),
      ),
    ),
  ];
}

const LATENCIES = [
  ["vllm_time_to_first_token_seconds", m.timeToFirstToken],
  ["vllm_inter_token_latency_seconds", m.interTokenLatency],
  ["vllm_request_time_per_output_token_seconds", m.requestTimePerOutputToken],
  ["vllm_e2e_request_latency_seconds", m.endToEndLatency],
  ["vllm_request_queue_time_seconds", m.queueTime],
] as const;

const QUANTILES: Record<RecordedLevel, readonly number[]> = {
  model: [0.5, 0.95, 0.99],
  instance: [0.95],
};
