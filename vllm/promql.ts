/** PromQL over the catalogue: queries built here cannot contain a wrong metric name, label or value. */
import { OVER_TIME, over, type Aggregation } from "./aggregation.ts";
import { bucketBounds, formatFloat, nearestBounds } from "./buckets.ts";
import { metrics } from "./catalogue/index.ts";
import { math, orZero, ratio } from "./math.ts";
import { type perEngine, type Labels, type Metric, type MetricType } from "./metric.ts";
import { ENGINES, RECORDED_BY } from "./recorded.ts";
import { recordedSelectors } from "./recordedSelectors.ts";
import { selectors, type PromqlContext, type QueryOptions } from "./selectors.ts";

type Counter<L extends Labels> = Metric<"counter", L>;
type Histogram<L extends Labels> = Metric<"histogram", L>;
/** Metrics whose value can go up and down. */
type Level<L extends Labels> = Metric<"gauge" | "info", L>;

/** The builders for one context. */
export type Promql = ReturnType<typeof promql>;

/**
 * The builders of queries. If nothing happened in the window, ratios, means, quantiles and fractions give
 * no series instead of NaN, so that a panel says "No traffic" and a rule records nothing. A series of an
 * engine must have the label `engine`, because routers export some of the same names without it. Compose
 * results with `math` or `ratio`, which preserve operator precedence.
 */
export function promql(context: PromqlContext) {
  const raw = selectors(context);
  const { selector, eitherName } = raw;
  const isRecorded = context.recorded !== undefined;
  const recorded = recordedSelectors(context);
  const { change } = isRecorded ? recorded : raw;

  /** The series of a gauge or an info metric as scraped, even in a context that reads recorded series. */
  function series<L extends Labels>(
    metric: Level<L>,
    options: NoInfer<Pick<QueryOptions<L>, "where">> = {},
  ): string {
    return eitherName(metric, (it) => selector(it, "value", options.where));
  }

  /**
   * Aggregates the series of a gauge. With a window, each series first becomes its maximum, minimum, mean …
   * over that time. A share of nothing is NaN, and one such series would turn a whole sum into NaN. So it
   * is left out, as Prometheus leaves NaN out of `max` and `min` if there is any number.
   */
  function aggregate(aggregation: Aggregation) {
    return <L extends Labels>(metric: Level<L>, options: NoInfer<QueryOptions<L>> = {}): string => {
      if (isRecorded) return recorded.level(aggregation, metric, options);
      const { where, by, window } = options;
      const vector = eitherName(metric, (it) => {
        const now = selector(it, "value", where);
        const value = window === undefined ? now : `${OVER_TIME[aggregation]}(${now}[${window}])`;
        const skipsNaN = it.unit !== "ratio" || aggregation === "max" || aggregation === "min";
        return skipsNaN ? value : withoutNaN(value);
      });
      return over(aggregation, vector, by);
    };
  }

  /**
   * The engines that servers expose, with the value 1. Each release from 0.8 on has
   * `vllm:request_success_total` from its start on; `vllm:num_requests_running` appears only with the first
   * request if several API servers share one page (seen on 0.32). With the former engine (`VLLM_USE_V1=0`,
   * until 0.10) it is the other way round, so either metric counts.
   */
  function engines(
    options: NoInfer<Pick<QueryOptions<typeof perEngine>, "by" | "where">> = {},
  ): string {
    if (isRecorded) return over("group", recorded.engines(options.where), options.by);
    const where = { ...options.where, finished_reason: "stop" } as const;
    const finished = selector(metrics.requestsFinished, "value", where);
    const running = series(metrics.requestsRunning, { where: options.where });
    return `${over("group", finished, options.by)} or ${over("group", running, options.by)}`;
  }

  /** How many engines servers expose. */
  function engineCount(
    options: { readonly by?: readonly (typeof RECORDED_BY)[number][] } = {},
  ): string {
    if (isRecorded) return recorded.level("sum", ENGINES, options);
    return over("count", engines({ by: [...TARGET_LABELS, ...ENGINE_LABELS] }), options.by);
  }

  /** A counter's increase per second. */
  function rate<L extends Labels>(
    metric: Counter<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return over("sum", change("rate", metric, "value", options), options.by);
  }

  /** A counter's increase over the window. */
  function increase<L extends Labels>(
    metric: Counter<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return over("sum", change("increase", metric, "value", options), options.by);
  }

  /**
   * A gauge's growth over the window; negative if it fell. A gauge that was absent when the window began
   * grew from 0: with several API servers vLLM exposes it only once it is set (seen on 0.11 and 0.32).
   */
  function growth<L extends Labels>(
    metric: Level<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    const { where, by, window = context.window } = options;
    const value = (offset: string) =>
      eitherName(metric, (it) => `${selector(it, "value", where)}${offset}`);
    const changed = over("sum", change("delta", metric, "value", options), by);
    const before = over("sum", value(` offset ${window}`), by);
    return math`${changed} and ${before} or ${over("sum", value(""), by)}`;
  }

  /**
   * A counter's value, or how many values a histogram got, since its server's start: now, or at the time
   * `offset` ago.
   */
  function sinceStart<L extends Labels>(
    metric: Counter<L> | Histogram<L>,
    options: NoInfer<QueryOptions<L>> & { readonly offset?: string } = {},
  ): string {
    const { where, by, window = context.window, offset } = options;
    const range = `[${window}]${offset === undefined ? "" : ` offset ${offset}`}`;
    const part = isNative(metric) ? "native" : metric.type === "counter" ? "value" : "count";
    const total = eitherName(
      metric as Metric<MetricType, L>,
      (it) => `last_over_time(${selector(it, part, where)}${range})`,
    );
    const sum = over("sum", total, by);
    return part === "native" ? `histogram_count(${sum})` : sum;
  }

  /** How often a counter fell back to 0 in the window, because its server restarted. */
  function resets<L extends Labels>(
    metric: Counter<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return over("max", change("resets", metric, "value", options), options.by);
  }

  /** How many values a histogram or a summary got per second, or over the window. */
  function observations<L extends Labels>(
    metric: Metric<"histogram" | "summary", L>,
    options: NoInfer<QueryOptions<L> & { readonly per?: "second" | "window" }> = {},
  ): string {
    return part("count", metric, options);
  }

  /** The sum of the values of a histogram or a summary, per second or over the window. */
  function total<L extends Labels>(
    metric: Metric<"histogram" | "summary", L>,
    options: NoInfer<QueryOptions<L> & { readonly per?: "second" | "window" }> = {},
  ): string {
    return part("sum", metric, options);
  }

  /** The mean of the values. */
  function mean<L extends Labels>(
    metric: Metric<"histogram" | "summary", L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return isNative(metric)
      ? withoutNaN(`histogram_avg(${nativeRate(metric, options)})`)
      : ratio(part("sum", metric, options), part("count", metric, options));
  }

  /**
   * The value below which the given share of values lies, interpolated within its bucket. If the value is
   * in the first bucket, the result is the bucket's upper bound, because nothing is known below it:
   * Prometheus would return the middle of the bucket as the median of values that are all nearly 0.
   * `atLeast` omits series with fewer values in the window: a 99th percentile of 20 requests is merely the
   * slowest of them.
   */
  function quantile<L extends Labels>(
    share: number,
    metric: Histogram<L>,
    options: NoInfer<QueryOptions<L> & { readonly atLeast?: number }> = {},
  ): string {
    if (!(share >= 0 && share <= 1)) {
      throw new Error(`A quantile is a share from 0 to 1, such as 0.95, and not ${share}.`);
    }
    const interpolated = `histogram_quantile(${share}, ${isNative(metric) ? nativeRate(metric, options) : bucketRate("rate", metric, options)})`;
    const [first] = bucketBounds(metric, { custom: context.customBuckets });
    const value = first === undefined ? interpolated : `clamp_min(${interpolated}, ${first})`;
    if (options.atLeast === undefined) return withoutNaN(value);
    return `${value} and ${part("count", metric, { ...options, per: "window" })} >= ${options.atLeast}`;
  }

  /**
   * The share of values at or below a threshold. A classic histogram knows it only at the bounds of its
   * buckets.
   *
   * @throws if the histograms are classic and the threshold is not one of this histogram's bounds.
   */
  function fractionBelow<L extends Labels>(
    threshold: number,
    metric: Histogram<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return isNative(metric)
      ? withoutNaN(`histogram_fraction(0, ${threshold}, ${nativeRate(metric, options)})`)
      : ratio(bucketUpTo(threshold, metric, options), part("count", metric, options));
  }

  /**
   * How many values at or below a threshold there are per second; 0 while there are none.
   *
   * @throws like `fractionBelow`.
   */
  function observationsBelow<L extends Labels>(
    threshold: number,
    metric: Histogram<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    if (!isNative(metric)) return bucketUpTo(threshold, metric, options);
    const all = part("count", metric, options);
    return orZero(math`${fractionBelow(threshold, metric, options)} * ${all}`, all);
  }

  /** The whole distribution, in values per second: by bucket, or one native histogram. */
  function distribution<L extends Labels>(
    metric: Histogram<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return isNative(metric) ? nativeRate(metric, options) : bucketRate("rate", metric, options);
  }

  /** The distribution for a heatmap: values per bucket over each window. */
  function heatmap<L extends Labels>(
    metric: Histogram<L>,
    options: NoInfer<QueryOptions<L>> = {},
  ): string {
    return isNative(metric)
      ? over("sum", change("increase", metric, "native", options), options.by)
      : bucketRate("increase", metric, options);
  }

  function part<L extends Labels>(
    kind: "sum" | "count",
    metric: Metric<"histogram" | "summary", L>,
    options: QueryOptions<L> & { readonly per?: "second" | "window" },
  ): string {
    const change_ = options.per === "window" ? "increase" : "rate";
    return isNative(metric)
      ? `histogram_${kind}(${over("sum", change(change_, metric, "native", options), options.by)})`
      : over("sum", change(change_, metric, kind, options), options.by);
  }

  /**
   * Adds up buckets. The buckets of length histograms end at each model's maximum length, so in a long
   * bucket a sum by `le` would miss all values of models that do not have that bucket. Instead this adds up
   * the number of values above each bound, which is 0 for these models, and subtracts it from the number of
   * all values.
   */
  function bucketRate<L extends Labels>(
    function_: "rate" | "increase",
    metric: Histogram<L>,
    options: QueryOptions<L>,
  ): string {
    const { by = [] } = options;
    const buckets = change(function_, metric, "bucket", options);
    if (metric.buckets !== "request_tokens" || context.customBuckets?.request_tokens) {
      return over("sum", buckets, [...by, "le"]);
    }
    const all = change(function_, metric, "bucket", options, { le: "+Inf" });
    const each = isRecorded ? RECORDED_BY : [...TARGET_LABELS, ...ENGINE_LABELS];
    const above = math`${buckets} - on (${each.join(", ")}) group_left () ${all}`;
    const below = over("sum", above, [...by, "le"]);
    return `${below} + on (${by.join(", ")}) group_left () ${over("sum", all, by)}`;
  }

  function bucketUpTo<L extends Labels>(
    bound: number,
    metric: Histogram<L>,
    options: QueryOptions<L>,
  ): string {
    const bounds = bucketBounds(metric, { custom: context.customBuckets });
    if (!bounds.includes(bound)) throw new Error(notABound(metric, bound, bounds));
    const le = formatFloat(bound);
    return over("sum", change("rate", metric, "bucket", options, { le }), options.by);
  }

  function nativeRate<L extends Labels>(metric: Metric<MetricType, L>, options: QueryOptions<L>) {
    return over("sum", change("rate", metric, "native", options), options.by);
  }

  function isNative(metric: Metric): boolean {
    return context.histograms === "native" && metric.type === "histogram";
  }

  return {
    /** Whether queries read the series recorded per job and model instead of the servers' own series. */
    isRecorded,
    series,
    engines,
    engineCount,
    sum: aggregate("sum"),
    avg: aggregate("avg"),
    min: aggregate("min"),
    max: aggregate("max"),
    count: aggregate("count"),
    group: aggregate("group"),
    rate,
    increase,
    growth,
    sinceStart,
    resets,
    observations,
    total,
    mean,
    quantile,
    fractionBelow,
    observationsBelow,
    distribution,
    heatmap,
  };
}

function withoutNaN(query: string): string {
  return `${query} >= 0`;
}

const TARGET_LABELS = ["job", "instance"] as const;
const ENGINE_LABELS = [
  "model_name",
  "engine",
] as const satisfies readonly (keyof typeof perEngine)[];

function notABound(metric: Metric, threshold: number, bounds: readonly number[]): string {
  return `${metric.name} has no bucket that ends at ${threshold}: with classic histograms a threshold is one of its bounds, the nearest being ${nearestBounds(bounds, threshold).join(" and ")}.`;
}
