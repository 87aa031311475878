/** What was promised of each model: how much of it is kept, and how fast the budget is spent. */
import { events, math, metrics, type Promql } from "../../vllm/index.ts";
import type { Objective } from "../objectives.ts";
import { BY, MODEL_OF_TARGET, type RuleContext } from "./context.ts";
import type { RecordName, RecordingRule, RuleGroup } from "./rule.ts";
import { seconds } from "./time.ts";

/** The windows of burn rates. */
export const BURN_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

/** 1 while any server of a model gives metrics, 0 while all are gone that should. */
export const AVAILABLE = "model:vllm_available:bool";

/** The share of bad events that an objective allows: its budget. */
export const BUDGET = "objective:slo_budget:ratio";

/** Events per second and objective, and those of them that broke the promise. */
export const EVENTS = "model_objective:slo_events:rate5m";
export const BAD_EVENTS = "model_objective:slo_bad_events:rate5m";

/** How many times faster than allowed bad events come: 1 spends the budget in just its window. */
export function burnRate(window: BurnWindow): RecordName {
  return `model_objective:slo_burn:ratio_rate${window}`;
}

/** The share of a budget that is left; negative where it is overspent. */
export const BUDGET_LEFT = "model_objective:slo_budget_left:ratio";

/** Seconds until a budget is spent if it goes on as in the last hour; nothing while none is spent. */
export const EXHAUSTION = "model_objective:slo_budget_exhaustion:seconds";

/**
 * The rules of objectives. Events are counted once, in windows of five minutes; all longer windows are
 * sums of these, so that each event counts once there too and 30 days are read from one series.
 */
export function objectiveGroups(context: RuleContext): RuleGroup<RecordingRule>[] {
  const { objectives, evaluationInterval } = context.options;
  if (objectives.length === 0) return [];
  const slow = ["1d", "3d"];
  const [fastWindows, slowWindows] = [false, true].map((wanted) =>
    BURN_WINDOWS.filter((window) => slow.includes(window) === wanted),
  ) as [BurnWindow[], BurnWindow[]];
  return [
    {
      name: "slo-events",
      rules: [
        available(context.q),
        ...objectives.flatMap((objective) => eventRules(context, objective)),
        ...objectives.map(budget),
        ...fastWindows.map((window) => burnRule(context, window)),
      ],
    },
    {
      name: "slo-budgets",
      interval: seconds(context.time, "2m") < 30 ? evaluationInterval : "2m",
      rules: [
        ...slowWindows.map((window) => burnRule(context, window)),
        ...objectives.flatMap((objective) => budgetRules(context, objective)),
      ],
    },
  ];
}

const HAS = [...BY.model, "objective"];
function available(q: Promql): RecordingRule {
  const there = q.group(metrics.requestsRunning, { by: BY.model });
  return {
    record: AVAILABLE,
    expr: math`${there} or 0 * group by (model_name) (${MODEL_OF_TARGET})`,
    has: BY.model,
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

/** Events per second. For availability these are seconds, good while any server is there. */
function eventsOf({ q, time }: RuleContext, { metric, threshold, models }: Objective) {
  const window = time("5m");
  if (metric === "availability") {
    const share = `avg_over_time(${AVAILABLE}${selection(models)}[${window}])`;
    return { all: `${share} * 0 + 1`, bad: `1 - ${share}` };
  }
  return events(q, { metric, threshold, models }, window);
}

function selection(models: string[] | undefined): string {
  if (models === undefined) return "";
  const pattern = models.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return `{model_name=~${JSON.stringify(pattern)}}`;
}

/** Free of the noise of floating point. */
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
      expr: math`(${left} > 0) * ${seconds(time, window)} / (${burnRate("1h")}${where} > 0)`,
      has: HAS,
    },
  ];
}
