/** Service level indicators: which events of a model there were, and which of them were bad. */
import { metrics } from "./catalogue/index.ts";
import { math, orZero, plus, type Promql } from "./promql.ts";

/** What can be promised of a model's requests and tokens. */
export type Measure =
  | "errors"
  | "time_to_first_token"
  | "inter_token_latency"
  | "time_per_output_token"
  | "end_to_end_latency";

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
  { metric, threshold = 0 }: { metric: Measure; threshold?: number | undefined },
  window?: string,
): Events {
  const options = { by: ["model_name"] as const, ...(window !== undefined && { window }) };
  const finished = q.rate(metrics.requestsFinished, options);
  const failed = q.rate(metrics.requestsFinished, {
    ...options,
    where: { finished_reason: "error" },
  });
  const rejected = q.rate(metrics.admissionRejections, options);
  /** Values of a histogram within the threshold, per second; 0 while it gets none. */
  const within = (bound: number, metric: typeof metrics.timeToFirstToken) => {
    const count = q.observations(metric, options);
    return orZero(math`${q.fractionBelow(bound, metric, options)} * ${count}`, count);
  };
  const above = (metric: typeof metrics.timeToFirstToken): Events => {
    const all = q.observations(metric, options);
    return { all, bad: math`${all} - ${within(threshold, metric)}` };
  };
  switch (metric) {
    case "errors":
      return {
        all: plus(finished, rejected),
        bad: plus(orZero(failed, finished), rejected),
      };
    // Who got no token at all, because it failed or was turned away, waited too long for the first.
    case "time_to_first_token": {
      const { all, bad } = above(metrics.timeToFirstToken);
      return { all: plus(all, failed, rejected), bad: plus(bad, failed, rejected) };
    }
    // A request of one token has no time between tokens: it is in the metric as 0, and no success.
    case "time_per_output_token": {
      const { all, bad } = above(metrics.requestTimePerOutputToken);
      const single = within(1, metrics.requestGenerationTokens);
      return { all: math`clamp_min(${all} - ${single}, 0)`, bad };
    }
    case "inter_token_latency":
      return above(metrics.interTokenLatency);
    case "end_to_end_latency":
      return above(metrics.endToEndLatency);
  }
}
