import { seconds } from "../../../common/clock.ts";
import { BAD_EVENTS, burnRate, type BurnWindow } from "../../../slo/recorded.ts";
import { formatMatchers, math, not } from "../../../vllm/index.ts";
import type { RuleContext } from "../context.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { originOf } from "../thresholds.ts";
import type { AlertName } from "./names.ts";
import { boardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

/**
 * Alerts on how fast budgets are spent. Each wants both windows to burn: the long one shows that it
 * matters, the short one that it still goes on. Nothing fires while there are few bad events at all, or
 * while a model was unavailable for no longer than a restart takes.
 */
export function burnRateAlerts(context: RuleContext): RuleGroup<AlertRule> {
  const rules = context.options.objectives.length === 0 ? [] : PAIRS;
  return { name: "slo-burn-rates", rules: rules.map((pair) => alert(context, pair)) };
}

interface Pair {
  name: AlertName;
  long: BurnWindow;
  short: BurnWindow;
  factor: number;
  for: string;
  severity: "critical" | "warning";
}

/** Of the SRE workbook, chapter 5, and its waiting times of kubernetes-mixin. */
const PAIRS: Pair[] = [
  { name: "SloBurnRate1h", long: "1h", short: "5m", factor: 14.4, for: "2m", severity: "critical" },
  { name: "SloBurnRate6h", long: "6h", short: "30m", factor: 6, for: "15m", severity: "critical" },
  { name: "SloBurnRate1d", long: "1d", short: "2h", factor: 3, for: "1h", severity: "warning" },
  { name: "SloBurnRate3d", long: "3d", short: "6h", factor: 1, for: "3h", severity: "warning" },
];

function alert(context: RuleContext, pair: Pair): AlertRule {
  const { options, time } = context;
  const { name, long, short, factor, severity } = pair;
  const guard = enoughBadEvents(context, long);
  return {
    name,
    severity,
    concern: "promise",
    expr: math`${burnRate(long)} > ${factor} and ${burnRate(short)} > ${factor} and ${guard}`,
    for: time(pair.for),
    summary: `{{ $labels.model_name }} spends the error budget of "{{ $labels.objective }}" ${pace(factor)}`,
    description: `In the last ${long} {{ $labels.model_name }} spent the error budget of "{{ $labels.objective }}" ${VALUE.factor} times as fast as it may, and in the last ${short} too fast as well: it still goes on.`,
    value: VALUE.factor,
    threshold: factor === 1 ? "the allowed rate" : `${factor} times the allowed rate`,
    origin: `Burn rates and windows of the SRE workbook (chapter 5). ${originOf("budgetEvents")} ${originOf("downSeconds")}`,
    board: boardUrl(options.links, "slo", "model_name"),
    labels: { long_window: long, short_window: short },
  };
}

/**
 * Objectives with enough bad events in a window. Of availability events are seconds: a restart of a
 * model with one server loads for minutes, and is no incident for `downSeconds`.
 */
function enoughBadEvents({ options, time }: RuleContext, window: BurnWindow): string {
  const { budgetEvents, downSeconds } = options.thresholds;
  const interval = seconds((duration) => duration, options.evaluationInterval);
  const badEvents = (matchers: string) =>
    `sum_over_time(${BAD_EVENTS}{${matchers}}[${time(window)}]) * ${interval}`;
  const availability = options.objectives
    .filter(({ metric }) => metric === "availability")
    .map(({ name }) => name);
  const guards = [
    `${badEvents(formatMatchers({ objective: not(availability) }))} >= ${budgetEvents}`,
  ];
  if (availability.length > 0) {
    guards.push(
      `${badEvents(formatMatchers({ objective: availability }))} >= ${seconds(time, `${downSeconds}s`)}`,
    );
  }
  return guards.join(" or ");
}

function pace(factor: number): string {
  return factor === 1 ? "faster than allowed" : `more than ${factor} times as fast as allowed`;
}
