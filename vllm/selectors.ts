/** Selectors for the series of a query, with their actual names and labels. */
import type { CustomBuckets } from "./buckets.ts";
import {
  formatMatchers,
  not,
  type LabelOf,
  type Match,
  type Matchers,
  type TargetLabel,
} from "./matchers.ts";
import {
  familyName,
  olderThan,
  seriesNames,
  type Labels,
  type Metric,
  type MetricType,
  type perEngine,
  type SeriesPart,
  type Version,
} from "./metric.ts";

/** Settings that all queries of a dashboard, or of a group of rules, have in common. */
export interface PromqlContext {
  /**
   * How the stack stores the queried histograms: `native` means that the scrape converts vLLM's classic
   * histograms. A job that is scraped differently, such as Prometheus itself, needs its own context.
   */
  readonly histograms: "classic" | "native";
  /** The range of rates: `$__rate_interval` on a dashboard, `5m` in a rule. */
  readonly window: string;
  /**
   * Matchers that are added to every query whose metric has the label; all metrics have `job` and
   * `instance`.
   */
  readonly scope?: Readonly<Partial<Record<TargetLabel | keyof typeof perEngine, Match>>>;
  /**
   * The oldest vLLM of the fleet, if there are old ones: queries then use both names of renamed metrics.
   */
  readonly oldestVersion?: Version;
  /** The fleet's `--custom-histogram-buckets`. */
  readonly customBuckets?: CustomBuckets;
  /**
   * Reads the series recorded per job and model instead of the servers' own series, so that the cost of a
   * query does not grow with the fleet.
   */
  readonly recorded?: RecordedContext;
}

/** How recorded series are read. */
export interface RecordedContext {
  /** Seconds from one recording to the next. */
  readonly interval: number;
  /**
   * Windows for which queries read the rate over five minutes, which the rules also record. Each maps to
   * the window over which that rate is averaged, if any.
   */
  readonly fiveMinutes?: Readonly<Record<string, string | undefined>>;
}

/** Which series a query reads, and by which labels it adds them up. */
export interface QueryOptions<L extends Labels> {
  readonly where?: Matchers<L>;
  /** Labels to keep; without any, everything is added up. */
  readonly by?: readonly LabelOf<L>[];
  /** A range other than the context's; for a gauge, a range instead of the current value. */
  readonly window?: string;
}

/** A part of a metric's series; `native` is a native histogram, which has all parts in one. */
export type AskedPart = SeriesPart | "native";

/** The selectors of one context. */
export function selectors(context: PromqlContext) {
  /** A function over a range of series: the context's window, unless the query has its own. */
  function change<L extends Labels>(
    function_: "rate" | "increase" | "resets" | "delta",
    metric: Metric<MetricType, L>,
    part: AskedPart,
    { where, window = context.window }: QueryOptions<L>,
    extra?: Record<string, Match>,
  ): string {
    return eitherName(
      metric,
      (it) => `${function_}(${selector(it, part, where, extra)}[${window}])`,
    );
  }

  /**
   * The series of one part of a metric.
   *
   * @throws if a metric of this type has no such part.
   */
  function selector<L extends Labels>(
    metric: Metric<MetricType, L>,
    part: AskedPart,
    where: Matchers<L> | undefined,
    extra?: Record<string, Match>,
  ): string {
    const name = part === "native" ? metric.name : seriesNames(metric)[part];
    if (name === undefined)
      throw new Error(`${metric.name} is a ${metric.type}: it has no ${part}.`);
    return guardedSelector(metric, name, { ...inScope(metric), ...where }, extra);
  }

  /** The context's matchers for the labels that the metric has. */
  function inScope(metric: Metric): Record<string, Match> {
    return Object.fromEntries(
      Object.entries(context.scope ?? {}).filter(
        ([label]) => label === "job" || label === "instance" || label in metric.labels,
      ),
    );
  }

  /** The series with the new name, and those of servers that know only the old name. */
  function eitherName<M extends Metric>(metric: M, build: (metric: M) => string): string {
    const { oldestVersion } = context;
    const { renamedFrom, since } = metric;
    const needed = renamedFrom && since && oldestVersion && olderThan(oldestVersion, since);
    return needed ? `${build(metric)} or ${build(renamedFrom as M)}` : build(metric);
  }

  return { change, selector, eitherName };
}

/** The query for a dashboard variable: the values of a label of the gauge or counter. */
export function labelValues<L extends Labels>(
  metric: Metric<"gauge" | "info" | "counter", L>,
  label: NoInfer<LabelOf<L>>,
  where: NoInfer<Matchers<L>> = {},
): string {
  return `label_values(${guardedSelector(metric, familyName(metric), where)}, ${label})`;
}

/**
 * Routers export some of an engine's names, but without the label `engine`. So did vLLM's former engine
 * (`VLLM_USE_V1=0`, until 0.10), to whose series Prometheus adds the label by a relabelling rule.
 */
function guardedSelector(
  { labels }: Metric,
  name: string,
  asked: Readonly<Record<string, Match | undefined>>,
  extra?: Record<string, Match>,
): string {
  const guard = "engine" in labels && !("engine" in asked) ? { engine: not("") } : {};
  const matchers = formatMatchers({ ...asked, ...guard, ...extra });
  return matchers === "" ? name : `${name}{${matchers}}`;
}
