/** Objectives of each model: events, the remaining error budget, and the burn rate. */
import { scaledSeconds } from "../../common/timeScale.ts";
import type { Objective } from "../../slo/objective.ts";
import {
  AVAILABLE,
  BAD_EVENTS,
  BUDGET,
  BUDGET_LEFT,
  burnRate,
  EVENTS,
  EXHAUSTION,
  MODEL_OF_TARGET,
  type BurnWindow,
} from "../../slo/recorded.ts";
import { events, formatMatchers, math, type Promql } from "../../vllm/index.ts";
import { KEPT_LABELS, type RuleContext } from "./ruleContext.ts";
import type { RecordingRule, RuleGroup } from "./rule.ts";

/**
 * The rules of objectives. Events are counted once, in windows of five minutes. All longer windows are sums
 * of these, so that each event counts once there too, and 30 days can be read from one series.
 */
export function objectiveGroups(context: RuleContext): RuleGroup<RecordingRule>[] {
  const { objectives, evaluationInterval } = context.options;
  if (objectives.length === 0) return [];
  return [
    {
      name: "slo-events",
      rules: [
        available(context.q),
        ...objectives.flatMap((objective) => eventRules(context, objective)),
        ...objectives.map(budget),
        ...SHORT_WINDOWS.map((window) => burnRule(context, window)),
      ],
    },
    {
      name: "slo-budgets",
      interval: scaledSeconds(context.time, "2m") < 30 ? evaluationInterval : "2m",
      rules: [
        ...LONG_WINDOWS.map((window) => burnRule(context, window)),
        ...objectives.flatMap((objective) => budgetRules(context, objective)),
      ],
    },
  ];
}

/** The windows of burn rates, grouped by how often they are worth computing. */
const SHORT_WINDOWS: readonly BurnWindow[] = ["5m", "30m", "1h", "2h", "6h"];
const LONG_WINDOWS: readonly BurnWindow[] = ["1d", "3d"];

/** The labels of the series recorded for a model's objective. */
const HAS = [...KEPT_LABELS.model, "objective"];

function available(q: Promql): RecordingRule {
  const there = q.engines({ by: KEPT_LABELS.model });
  return {
    record: AVAILABLE,
    expr: math`${there} or 0 * group by (model_name) (${MODEL_OF_TARGET})`,
    has: KEPT_LABELS.model,
  };
}

function eventRules(context: RuleContext, objective: Objective): RecordingRule[] {
  const { all, bad } = eventsOf(context, objective);
  const labels = { objective: objective.name };
  return [
    { record: EVENTS, expr: all, labels, has: HAS },
    { record: BAD_EVENTS, expr: bad, labels, has: HAS },
  ];
}

/** Events per second. For availability, events are seconds; a second is good if any server is there. */
function eventsOf({ q, time }: RuleContext, { metric, threshold, models }: Objective) {
  const window = time("5m");
  if (metric === "availability") {
    const chosen = models ? `{${formatMatchers({ model_name: models })}}` : "";
    const share = `avg_over_time(${AVAILABLE}${chosen}[${window}])`;
    return { all: `${share} * 0 + 1`, bad: `1 - ${share}` };
  }
  return events(q, { metric, threshold, models }, window);
}

/** The budget, without floating-point noise. */
function budget({ name, target }: Objective): RecordingRule {
  return {
    record: BUDGET,
    expr: `vector(${Number((1 - target).toPrecision(6))})`,
    labels: { objective: name },
    has: ["objective"],
  };
}

function burnRule({ time }: RuleContext, window: BurnWindow): RecordingRule {
  return { record: burnRate(window), expr: burn(time(window), window === "5m"), has: HAS };
}

function burn(window: string, isBase: boolean, where = ""): string {
  const sum = (name: string) =>
    isBase ? `${name}${where}` : `sum_over_time(${name}${where}[${window}])`;
  return math`${sum(BAD_EVENTS)} / (${sum(EVENTS)} > 0) / on (objective) group_left () ${BUDGET}`;
}

function budgetRules({ time }: RuleContext, { name, window }: Objective): RecordingRule[] {
  const where = `{objective=${JSON.stringify(name)}}`;
  const left = `${BUDGET_LEFT}${where}`;
  return [
    {
      record: BUDGET_LEFT,
      expr: math`1 - ${burn(time(window), false, where)}`,
      labels: { objective: name },
      has: HAS,
    },
    {
      record: EXHAUSTION,
      labels: { objective: name },
      expr: math`(${left} > 0) * ${scaledSeconds(time, window)} / (${burnRate("1h")}${where} > 0)`,
      has: HAS,
    },
  ];
}
