/** How much of what was promised is kept. */
import { math, metrics, ratio, type Promql } from "../vllm/index.ts";
import type { Objective } from "./options.ts";
import { orZero, plus } from "./queries.ts";

/** The share of good events of a model over a time such as `1h`; nothing where none happened. */
export function attainment(q: Promql, objective: Objective, window: string): string {
  const by = BY;
  const finished = q.rate(metrics.requestsFinished, { by, window });
  const failed = q.rate(metrics.requestsFinished, {
    by,
    window,
    where: { finished_reason: "error" },
  });
  const rejected = q.rate(metrics.admissionRejections, { by, window });
  const { metric, threshold = 0 } = objective;
  switch (metric) {
    case "availability":
      return availability(q, window);
    case "errors": {
      const all = plus(finished, rejected);
      return ratio(math`${all} - ${plus(orZero(failed, finished), rejected)}`, all);
    }
    // Who got no token at all, because it failed or was turned away, waited too long for the first.
    case "time_to_first_token": {
      const first = q.observations(metrics.timeToFirstToken, { by, window });
      const good = math`${q.fractionBelow(threshold, metrics.timeToFirstToken, { by, window })} * ${first}`;
      return ratio(good, plus(first, failed, rejected));
    }
    // A request of one token has no time between tokens: it is in the metric as 0, and no success.
    case "time_per_output_token": {
      const all = q.observations(metrics.requestTimePerOutputToken, { by, window });
      const below = q.fractionBelow(threshold, metrics.requestTimePerOutputToken, { by, window });
      const single = math`${q.fractionBelow(1, metrics.requestGenerationTokens, { by, window })} * ${q.observations(metrics.requestGenerationTokens, { by, window })}`;
      return ratio(math`${below} * ${all} - ${single}`, math`${all} - ${single}`);
    }
    case "inter_token_latency":
      return q.fractionBelow(threshold, metrics.interTokenLatency, { by, window });
    case "end_to_end_latency":
      return q.fractionBelow(threshold, metrics.endToEndLatency, { by, window });
  }
}

/** How many times faster than allowed bad events come: 1 spends the budget in just its 30 days. */
export function burnRate(q: Promql, objective: Objective, window: string): string {
  return math`(1 - ${attainment(q, objective, window)}) / ${budget(objective)}`;
}

/** The share of the budget of 30 days that is left; negative where it is overspent. */
export function budgetLeft(q: Promql, objective: Objective): string {
  return math`1 - ${burnRate(q, objective, "30d")}`;
}

/** Seconds until the budget is spent if it goes on as in the last hour: 0 where it is, nothing where it lasts. */
export function timeToExhaustion(q: Promql, objective: Objective): string {
  const left = budgetLeft(q, objective);
  return math`(${left} <= 0) * 0 or ${left} * ${30 * 86_400} / (${burnRate(q, objective, "1h")} > 0)`;
}

/** The share of bad events that is allowed, free of the noise of floating point. */
function budget({ target }: Objective): number {
  return Number((1 - target).toPrecision(6));
}

/** The share of minutes in which any server of the model gave metrics, since it was first seen. */
function availability(q: Promql, window: string): string {
  const there = q.group(metrics.requestsRunning, { by: BY });
  const step = window === "30d" || window === "3d" ? "5m" : "1m";
  const seconds = step === "5m" ? 300 : 60;
  const seen = math`count_over_time(${there}[${window}:${step}])`;
  const since = math`min_over_time((${there} * time())[${window}:${step}])`;
  return math`clamp_max(${seen} * ${seconds} / (time() - ${since} + ${seconds}), 1)`;
}

const BY = ["model_name"] as const;
