import { scaledSeconds } from "../../../common/timeScale.ts";
import { BAD_EVENTS, burnRate, type BurnWindow } from "../../../slo/recorded.ts";
import { formatMatchers, math, not } from "../../../vllm/index.ts";
import type { RuleContext } from "../ruleContext.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

/**
 * One alert on the burn rate of error budgets, over four pairs of windows, which its labels name. The burn
 * rate must be too high in both windows of a pair: the long window shows that the problem matters, the
 * short window that it is still going on. The alert does not fire while there are only a few bad events, or
 * while a model was unavailable for no longer than a restart takes.
 */
export function burnRateAlerts(context: RuleContext): RuleGroup<AlertRule> {
  const rules = context.options.objectives.length === 0 ? [] : WINDOWS;
  return { name: "slo-burn-rates", rules: rules.map((pair) => alert(context, pair)) };
}

interface WindowPair {
  long: BurnWindow;
  short: BurnWindow;
  /** The burn-rate threshold, as a multiple of the allowed rate. */
  factor: number;
  for: string;
  severity: "critical" | "warning";
}

/** From chapter 5 of the SRE workbook; the waiting times are those of kubernetes-mixin. */
const WINDOWS: WindowPair[] = [
  { long: "1h", short: "5m", factor: 14.4, for: "2m", severity: "critical" },
  { long: "6h", short: "30m", factor: 6, for: "15m", severity: "critical" },
  { long: "1d", short: "2h", factor: 3, for: "1h", severity: "warning" },
  { long: "3d", short: "6h", factor: 1, for: "3h", severity: "warning" },
];

function alert(context: RuleContext, pair: WindowPair): AlertRule {
  const { options, time } = context;
  const { long, short, factor, severity } = pair;
  const guard = enoughBadEvents(context, long);
  return {
    name: "SloErrorBudgetBurn",
    severity,
    concern: "slo",
    expr: math`${burnRate(long)} > ${factor} and ${burnRate(short)} > ${factor} and ${guard}`,
    for: time(pair.for),
    meaning: "The model spends an SLO's error budget faster than allowed",
    summary: `{{ $labels.model_name }} spends the error budget of "{{ $labels.objective }}" ${VALUE.factor} times as fast as allowed`,
    description: `Over the last ${long} {{ $labels.model_name }} spent the error budget of "{{ $labels.objective }}" ${VALUE.factor} times as fast as allowed. Over the last ${short} the rate was above ${factor} as well, so it goes on.`,
    value: VALUE.factor,
    threshold: `${factor} times the allowed rate over ${long} and ${short}`,
    thresholds: ["budgetEvents", "downSeconds"],
    origin: "Burn rates and windows are those of the SRE workbook, chapter 5.",
    dashboard: dashboardUrl(options.links, "slo", "model_name"),
    labels: { long_window: long, short_window: short },
  };
}

/**
 * Objectives with enough bad events in a window. For availability, events are seconds: a model with one
 * server takes minutes to load after a restart, and this is not an incident until it lasts `downSeconds`.
 */
function enoughBadEvents({ options, time }: RuleContext, window: BurnWindow): string {
  const { budgetEvents, downSeconds } = options.thresholds;
  const interval = scaledSeconds((duration) => duration, options.evaluationInterval);
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
      `${badEvents(formatMatchers({ objective: availability }))} >= ${scaledSeconds(time, `${downSeconds}s`)}`,
    );
  }
  return guards.join(" or ");
}
