/** Whether objectives are met. */
import type { Objective } from "../slo/objective.ts";
import {
  AVAILABLE,
  BUDGET,
  BUDGET_LEFT,
  burnRate,
  EXHAUSTION,
  type BurnWindow,
} from "../slo/recorded.ts";
import { events, formatMatchers, matches, math, ratio, type Promql } from "../vllm/index.ts";

/**
 * The share of good events of a model over a window such as `1h`. No value where no event happened.
 */
export function attainment(q: Promql, objective: Objective, window: string): string {
  const { metric, threshold, models } = objective;
  if (metric === "availability") return availability(models, window);
  const { all, bad } = events(q, { metric, threshold, models }, window);
  return math`1 - ${ratio(bad, all)}`;
}

const CHOSEN_MODELS = 'model_name=~"$model_name"';

/**
 * The recorded series for every objective of the chosen models. A model meets an objective as a
 * whole, over up to a month. Computing a month from the raw samples of many servers would take more
 * samples than Prometheus loads for a query.
 */
export const recordedObjectives = {
  /** The models whose events are counted. */
  models: AVAILABLE,
  /** The share of good events that is the objective. */
  objective: math`${ofChosen(BUDGET_LEFT)} * 0 + on (objective) group_left () (1 - ${BUDGET})`,
  /** The share of events that were good, over the window of each objective. */
  actual: math`1 - (1 - ${ofChosen(BUDGET_LEFT)}) * on (objective) group_left () ${BUDGET}`,
  /** The share of each budget that is left; negative where it is overspent. */
  budgetLeft: ofChosen(BUDGET_LEFT),
  /** How many times faster than allowed bad events occur. */
  burnRate: (window: BurnWindow) => ofChosen(burnRate(window)),
  /** Seconds until a budget is spent: 0 where it is spent already, no value where it lasts. */
  timeToExhaustion: math`(${ofChosen(BUDGET_LEFT)} <= 0) * 0 or ${ofChosen(EXHAUSTION)}`,
  /** How fast one objective's budget is spent, over the last hour. */
  burnOf: ({ name }: Objective) =>
    `${burnRate("1h")}{objective=${JSON.stringify(name)},${CHOSEN_MODELS}}`,
};

/**
 * The share of time in which any server of the model exposed metrics, since the model was first
 * seen.
 */
function availability(models: string[] | undefined, window: string): string {
  const chosen = { model_name: matches("$model_name") };
  const where = [chosen, ...(models ? [{ model_name: models }] : [])].map(formatMatchers).join(",");
  return `avg_over_time(${AVAILABLE}{${where}}[${window}])`;
}

function ofChosen(name: string): string {
  return `${name}{${CHOSEN_MODELS}}`;
}
