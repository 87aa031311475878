/** Service level indicators: which events of a model there were, and which of them were bad. */
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

/** A measure and, for a latency, the seconds up to which it is good; of all models by default. */
export interface Promised {
  metric: Measure;
  threshold?: number | undefined;
  models?: string[] | undefined;
}

/** Events per second and model, by their outcome; both nothing where the model is not there. */
export interface Events {
  all: string;
  bad: string;
}

/**
 * The events of a measure in a window. A latency is bad above `threshold` seconds, which a classic
 * histogram knows only at the ends of its buckets.
 *
 * @throws if the histograms are classic and the threshold is no bound of this one.
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
    // Left out is what says nothing of a server's answers: that it is down, or that the canary's own
    // requests are wrong.
    case "canary": {
      const known = { ...options, where: { ...where, outcome: not(["refused", "http_4xx"]) } };
      const failed = { ...where, outcome: not(["ok", "refused", "http_4xx"]) };
      return {
        all: q.rate(exporters.canaryProbes, known),
        bad: q.rate(exporters.canaryProbes, { ...options, where: failed }),
      };
    }
    // A request without any token, because it failed or was rejected, has missed the first token.
    case "time_to_first_token": {
      const { all, bad } = above(metrics.timeToFirstToken);
      return { all: plus(all, failed, rejected), bad: plus(bad, failed, rejected) };
    }
    // A request of one token has no time between tokens: it is in the metric as 0, and no success.
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
