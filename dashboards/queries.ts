/** Queries that several dashboards share. */
import { MODEL_OF_TARGET, STALLED, TARGETS } from "../slo/recorded.ts";
import {
  bucketBounds,
  formatMatchers,
  math,
  metrics as m,
  promql,
  ratio,
  recordingTimes,
  type PromqlContext,
  type Labels,
  type Metric,
  type QueryOptions,
  type Promql,
} from "../vllm/index.ts";
import type { DashboardOptions } from "./dashboardOptions.ts";
import { samplesFor, type Query } from "./panels/index.ts";

/** The builders of a dashboard. */
export interface Queries {
  /** For lines: each value covers the time that its point stands for. */
  q: Promql;
  /**
   * For lines that need many events per point, such as means and ratios: each value covers
   * `LOOK_BACK`.
   */
  steady: Promql;
  /** For stat panels and tables: values cover the last five minutes. */
  now: Promql;
  /** The ends of a histogram's buckets in this fleet. */
  bounds: (metric: Metric<"histogram">) => readonly number[];
  /**
   * The model of each chosen target, by `job` and `instance`. A rule remembers it, so targets that
   * expose no metrics now are included.
   */
  lastModels: string;
  /** The chosen models that a target has, or had last. The value means nothing. */
  lastKnown: string;
  /** The chosen engines that hang, as recorded by a rule. */
  stalledEngines: string;
}

/** The window of values that are shown as current. */
export const PRESENT = "5m";

/**
 * The window of a point that needs many samples or counts rare events: five minutes plus the step
 * of the query. The five minutes do not depend on the step, so a short time range is drawn as
 * finely as a long one. The added step ensures that no event between two points of a long range is
 * missed.
 */
export const LOOK_BACK = "5m${__interval_ms}ms";

/** The builders for a dashboard's selection. They query the series of the servers themselves. */
export function dashboardQueries(options: DashboardOptions, scope: Scope): Queries {
  return queries(options, scope, { window: "$__rate_interval" });
}

/**
 * The builders for a dashboard about models and the whole fleet. They read what the rules record
 * for each job and model, so the dashboard costs the same whatever the number of servers. Its
 * panels need `fleetInterval`.
 */
export function fleetQueries(options: DashboardOptions, scope: Scope): Queries {
  const { interval } = recordingTimes(options.longestScrapeInterval);
  // A recorded rate covers the time since the rate before it, so the point's own time is a long
  // enough window.
  const fiveMinutes = { [PRESENT]: undefined, [LOOK_BACK]: "$__interval" };
  return queries(options, scope, { window: "$__interval", recorded: { interval, fiveMinutes } });
}

/** The shortest time between two points of recorded series, in Grafana's notation. */
export function fleetInterval({ longestScrapeInterval }: DashboardOptions): string {
  const { interval } = recordingTimes(longestScrapeInterval);
  return `${Math.max(interval, longestScrapeInterval) * 1000}ms`;
}

type Scope = NonNullable<PromqlContext["scope"]>;

function queries(
  { histograms, oldestVersion, customBuckets = {} }: DashboardOptions,
  scope: Scope,
  { window, recorded }: Pick<PromqlContext, "window" | "recorded">,
): Queries {
  const context = {
    ...{ histograms, scope, customBuckets },
    ...(oldestVersion && { oldestVersion }),
    ...(recorded && { recorded }),
  };
  const { job, instance, model_name, engine } = scope;
  const chosen = (name: string, labels: Parameters<typeof formatMatchers>[0]) => {
    const matchers = formatMatchers(labels);
    return matchers === "" ? name : `${name}{${matchers}}`;
  };
  const lastModels = chosen(MODEL_OF_TARGET, { job, instance, model_name });
  return {
    q: promql({ ...context, window }),
    steady: promql({ ...context, window: LOOK_BACK }),
    now: promql({ ...context, window: PRESENT }),
    bounds: (metric) => bucketBounds(metric, { custom: customBuckets }),
    lastModels,
    lastKnown: `group by (model_name) (${recorded ? chosen(TARGETS, { job, model_name }) : lastModels})`,
    stalledEngines: chosen(STALLED, { job, instance, model_name, engine }),
  };
}

/** The latencies and phases: all histograms in seconds, by engine. */
export type Latency = typeof m.endToEndLatency;

/**
 * A percentile. It has a value only where there are enough samples that it is not just the largest
 * of them: 100 for the 99th, 20 for the 95th.
 *
 * Each point looks back five minutes, as stat panels and tables do. With a window of one minute, a
 * server with less than 1.7 requests per second would never have a 99th percentile. With five
 * minutes, one request in three seconds is enough. A spike appears when it begins, and stays
 * visible for five minutes.
 */
export function percentile<L extends Labels>(
  q: Promql,
  share: number,
  metric: Metric<"histogram", L>,
  { legend = `P${Math.round(share * 100)}`, ...options }: Percentile<L> = {},
): Query {
  const atLeast = samplesFor(share);
  const expr = q.quantile(share, metric, { window: LOOK_BACK, ...options, atLeast });
  return { expr, legend, share };
}

type Percentile<L extends Labels> = QueryOptions<L> & { legend?: string };

/** The percentiles of a latency that panels draw, and its mean, over the same window. */
export function percentiles(q: Promql, metric: Latency, mean = "Mean"): Query[] {
  return [
    ...[0.99, 0.95, 0.9, 0.5].map((share) => percentile(q, share, metric)),
    { expr: q.mean(metric, { window: LOOK_BACK }), legend: mean },
  ];
}

/**
 * The share of the requests in the engines that wait rather than run, averaged over the last five
 * minutes. A single sample would also count a request that waits only for the next step, even where
 * there is no queue. By Little's law it is the share of a request's time spent waiting, so the same
 * thresholds fit small and large models. It is also known before any request has finished.
 */
export function waitingShare(now: Promql, by: readonly "model_name"[] = []): string {
  const waiting = now.sum(m.requestsWaiting, { by, window: PRESENT });
  return ratio(waiting, math`${waiting} + ${now.sum(m.requestsRunning, { by, window: PRESENT })}`);
}

/**
 * Narrows a query to the servers of the chosen models, for metrics without a model, such as those
 * of HTTP requests. `query` is by `job` and `instance`.
 */
export function ofChosenModels(q: Promql, query: string): string {
  return math`${query} and on (job, instance) ${q.engines({ by: ["job", "instance"] })}`;
}
