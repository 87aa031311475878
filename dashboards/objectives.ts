/** How much of what was promised is kept. */
import { math, metrics, ratio, type Promql } from "../vllm/index.ts";
import type { Objective } from "./options.ts";
import { orZero, plus } from "./queries.ts";

/** The share of good events of a model over a time such as `1h`; nothing where none happened. */
export function attainment(q: Promql, objective: Objective, window: string): string {
  const about = { by: BY, window, where: chosenModels(objective) };
  const finished = q.rate(metrics.requestsFinished, about);
  const failed = q.rate(metrics.requestsFinished, {
    ...about,
    where: { ...about.where, finished_reason: "error" },
  });
  const rejected = q.rate(metrics.admissionRejections, about);
  const { metric, threshold = 0 } = objective;
  switch (metric) {
    case "availability":
      return availability(q, objective, window);
    case "errors": {
      const all = plus(finished, rejected);
      return ratio(math`${all} - ${plus(orZero(failed, finished), rejected)}`, all);
    }
    // Who got no token at all, because it failed or was turned away, waited too long for the first.
    case "time_to_first_token": {
      const first = q.observations(metrics.timeToFirstToken, about);
      const good = math`${q.fractionBelow(threshold, metrics.timeToFirstToken, about)} * ${first}`;
      return ratio(good, plus(first, failed, rejected));
    }
    // A request of one token has no time between tokens: it is in the metric as 0, and no success.
    case "time_per_output_token": {
      const all = q.observations(metrics.requestTimePerOutputToken, about);
      const below = q.fractionBelow(threshold, metrics.requestTimePerOutputToken, about);
      const single = math`${q.fractionBelow(1, metrics.requestGenerationTokens, about)} * ${q.observations(metrics.requestGenerationTokens, about)}`;
      return ratio(math`${below} * ${all} - ${single}`, math`${all} - ${single}`);
    }
    case "inter_token_latency":
      return q.fractionBelow(threshold, metrics.interTokenLatency, about);
    case "end_to_end_latency":
      return q.fractionBelow(threshold, metrics.endToEndLatency, about);
  }
}

/** How many times faster than allowed bad events come: 1 spends the budget in just the promised time. */
export function burnRate(q: Promql, objective: Objective, window: string): string {
  return math`(1 - ${attainment(q, objective, window)}) / ${budget(objective)}`;
}

/** The share of the budget that is left of the promised time; negative where it is overspent. */
export function budgetLeft(q: Promql, objective: Objective): string {
  return math`1 - ${burnRate(q, objective, promisedTime(objective))}`;
}

/** Seconds until the budget is spent if it goes on as in the last hour: 0 where it is, nothing where it lasts. */
export function timeToExhaustion(q: Promql, objective: Objective): string {
  const left = budgetLeft(q, objective);
  return math`(${left} <= 0) * 0 or ${left} * ${seconds(promisedTime(objective))} / (${burnRate(q, objective, "1h")} > 0)`;
}

/** The time over which a promise is to be kept. */
export function promisedTime({ window = "30d" }: Objective): string {
  return window;
}

/** The length of a Prometheus duration. */
function seconds(duration: string): number {
  return [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count = "", unit = ""]) => sum + Number(count) * (SECONDS[unit] ?? 0),
    0,
  );
}

const SECONDS: Record<string, number> = {
  ...{ ms: 0.001, s: 1, m: 60, h: 3600 },
  ...{ d: 86_400, w: 7 * 86_400, y: 365 * 86_400 },
};

/** The share of bad events that is allowed, free of the noise of floating point. */
function budget({ target }: Objective): number {
  return Number((1 - target).toPrecision(6));
}

/** The share of moments at which any server of the model gave metrics, since it was first seen. */
function availability(q: Promql, objective: Objective, window: string): string {
  const there = q.group(metrics.requestsRunning, { by: BY, where: chosenModels(objective) });
  const step = /[dwy]/.test(window) ? "5m" : "1m";
  const seen = math`count_over_time(${there}[${window}:${step}]) * ${seconds(step)}`;
  const since = math`min_over_time((${there} * time())[${window}:${step}])`;
  // The moments are multiples of the step: counted from anywhere else the last would seem missed.
  const last = `(time() - time() % ${seconds(step)})`;
  return math`clamp_max(${seen} / (${last} - ${since} + ${seconds(step)}), 1)`;
}

/** The models that an objective names; those that the board is about where it names none. */
function chosenModels({ models }: Objective) {
  return models === undefined ? {} : { model_name: models };
}

const BY = ["model_name"] as const;
