/** Instances and ranks that differ from the others of their model. */
import { scaledSeconds } from "../../../common/timeScale.ts";
import { math, metrics as m } from "../../../vllm/index.ts";
import { SHORTEST_WINDOW, type RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function outlierAlerts(context: RuleContext): RuleGroup<AlertRule> {
  return { name: "vllm-outliers", rules: [instanceSlow(context), loadImbalanced(context)] };
}

/** Minimum number of requests in five minutes for comparing an instance's latency. */
const COMPARABLE = 20;

/**
 * The latencies to compare: the series, its name in texts, and the seconds below which it is never a fault.
 */
const LATENCIES = [
  ["instance:vllm_inter_token_latency_seconds:mean_rate5m", "time between tokens", 0],
  ["instance:vllm_time_to_first_token_seconds:p95_rate5m", "time to first token (P95)", 1],
] as const;

function instanceSlow({ time, options }: RuleContext): AlertRule {
  const limit = options.thresholds.slowFactor;
  const window = scaledSeconds(time, SHORTEST_WINDOW);
  const slow = LATENCIES.map(([latency, name, floor]) => {
    const known = math`${latency} and instance:vllm_requests:rate5m * ${window} >= ${COMPARABLE}`;
    const instances = math`count by (model_name) (${known})`;
    const times = (other: string) => math`${known} / on (model_name) group_left () ${other}`;
    const ofMany = math`${times(`quantile by (model_name) (0.5, ${known})`)} > ${limit} and on (model_name) ${instances} > 2`;
    // The median of two values lies between them.
    const ofTwo = math`${times(`min by (model_name) (${known})`)} > ${2 * limit} and on (model_name) ${instances} == 2`;
    const outliers = math`(${ofMany} or ${ofTwo}) and ${latency} > ${floor}`;
    return `label_replace(${outliers}, "latency", "${name}", "", "")`;
  });
  return {
    name: "VllmInstanceSlow",
    severity: "warning",
    concern: "balance",
    expr: slow.join(" or "),
    for: time("10m"),
    meaning: "The server is slower than the others of its model",
    summary:
      "{{ $labels.instance }} is slower than the other instances of {{ $labels.model_name }}",
    description: `The {{ $labels.latency }} of {{ $labels.instance }} is ${VALUE.factor} times that of the other instances of {{ $labels.model_name }}: their median, or the faster one of two.`,
    value: `${VALUE.factor} times`,
    threshold: `${limit} times the median, ${2 * limit} times the other of two`,
    thresholds: ["slowFactor"],
    origin: `At least ${COMPARABLE} requests in five minutes; a P95 to the first token below 1 s is no fault.`,
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

/** Minimum mean number of requests in 15 minutes: with fewer, chance alone makes the load uneven. */
const BUSY = 30;

function loadImbalanced({ q, time, by, options }: RuleContext): AlertRule {
  const limit = options.thresholds.loadFactor;
  /**
   * Requests that each one finished, as a multiple of an equal share, if that is far from what its siblings
   * finished.
   */
  const uneven = (each: typeof by.instance | typeof by.engine, siblings: readonly string[]) => {
    const asleep = math`${q.max(m.sleepState, { by: each, where: { sleep_state: "awake" } })} == 0`;
    const all = q.increase(m.requestsFinished, { by: each, window: time("15m") });
    const finished = math`${all} unless ${asleep}`;
    const among = siblings.join(", ");
    const on = `on (${among}) group_left ()`;
    const median = `quantile by (${among}) (0.5, ${finished})`;
    const equal = math`${`avg by (${among}) (${finished})`} >= ${BUSY}`;
    const more = `(${finished}) > ${on} (${limit} * ${median})`;
    const fewer = `(${finished}) * ${limit} < ${on} ${median}`;
    return `(${finished}) / ${on} (${equal}) and (${more} or ${fewer})`;
  };
  return {
    name: "VllmLoadImbalanced",
    severity: "warning",
    concern: "balance",
    expr: math`${uneven(by.instance, by.model)} or ${uneven(by.engine, by.instance)}`,
    for: time("15m"),
    meaning: "The server gets an uneven share of the requests",
    summary:
      "{{ $labels.instance }}{{ with $labels.engine }}, engine {{ . }},{{ end }} gets an uneven share of the requests",
    description: `In 15 minutes {{ $labels.instance }}{{ with $labels.engine }}, engine {{ . }},{{ end }} finished ${VALUE.factor} times an equal share of the requests to {{ $labels.model_name }}: more than ${limit} times as many, or as few, as the median of its siblings.`,
    value: `${VALUE.factor} times an equal share`,
    threshold: `${limit} times the median, or a ${limit}th of it`,
    thresholds: ["loadFactor"],
    origin: `On average at least ${BUSY} requests in 15 minutes.`,
    dashboard: dashboardUrl(options.links, "instances", "model_name"),
  };
}
