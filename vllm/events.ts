/** Service level indicators: the events of a model, and which of them were bad. */
import { metrics } from "./catalogue/index.ts";
import { exporters } from "./exporters/index.ts";
import { not } from "./matchers.ts";
import { math, orZero, plus } from "./math.ts";
import type { Promql } from "./promql.ts";

/** The measures that an objective can have. */
export type Measure =
  | "errors"
  | "canary"
  | "time_to_first_token"
  | "inter_token_latency"
  | "time_per_output_token"
  | "end_to_end_latency";

/**
 * A measure and, for a latency, the threshold in seconds up to which it is good; for all models by default.
 */
export interface Promised {
  metric: Measure;
  threshold?: number | undefined;
  models?: string[] | undefined;
}

/**
 * Events per second and model: all, and the bad ones. Both have no series for a model that does not exist.
 */
export interface Events {
  all: string;
  bad: string;
}

/**
 * The events of a measure in a window. A latency is bad above `threshold` seconds, which a classic
 * histogram knows only at its bucket bounds.
 *
 * @throws if the histograms are classic and the threshold is not one of this histogram's bounds.
 */
export function events(
  q: Promql,
  { metric, threshold = 0, models }: Promised,
  window?: string,
): Events {
  const where = models === undefined ? {} : { model_name: models };
  const options = { by: ["model_name"] as const, where, ...(window !== undefined && { window }) };
  const finished = q.rate(metrics.requestsFinished, options);
  const failed = q.rate(metrics.requestsFinished, {
    ...options,
    where: { ...where, finished_reason: "error" },
  });
  const rejected = q.rate(metrics.admissionRejections, options);
  const above = (metric: typeof metrics.timeToFirstToken): Events => {
    const all = q.observations(metric, options);
    return { all, bad: math`${all} - ${q.observationsBelow(threshold, metric, options)}` };
  };
  switch (metric) {
    case "errors":
      return {
        all: plus(finished, rejected),
        bad: plus(orZero(failed, finished), rejected),
      };
    // Excludes outcomes that say nothing about a server's answers: the server is down, or the canary's own
    // requests are wrong.
    case "canary": {
      const known = { ...options, where: { ...where, outcome: not(["refused", "http_4xx"]) } };
      const failed = { ...where, outcome: not(["ok", "refused", "http_4xx"]) };
      return {
        all: q.rate(exporters.canaryProbes, known),
        bad: q.rate(exporters.canaryProbes, { ...options, where: failed }),
      };
    }
    // A request that got no token, because it failed or was rejected, counts as one that missed the
    // threshold.
    case "time_to_first_token": {
      const { all, bad } = above(metrics.timeToFirstToken);
      return { all: plus(all, failed, rejected), bad: plus(bad, failed, rejected) };
    }
    // A request of one token has no time between tokens: the metric has it as 0, which must not count as a
    // success.
    case "time_per_output_token": {
      const { all, bad } = above(metrics.requestTimePerOutputToken);
      const single = q.observationsBelow(1, metrics.requestGenerationTokens, options);
      return { all: math`clamp_min(${all} - ${single}, 0)`, bad };
    }
    case "inter_token_latency":
      return above(metrics.interTokenLatency);
    case "end_to_end_latency":
      return above(metrics.endToEndLatency);
  }
}
