/** Selectors for queries that read recorded series: the counterpart of `selectors`. */
import { OVER_TIME, over, type Aggregation } from "./aggregation.ts";
import { formatMatchers, type Match } from "./matchers.ts";
import type { Labels, Metric, MetricType } from "./metric.ts";
import {
  DROPPED_STREAMS,
  ENGINES,
  RECORDED,
  RECORDED_BY,
  recordedName,
  type Recorded,
} from "./recorded.ts";
import type { AskedPart, PromqlContext, QueryOptions } from "./selectors.ts";

/** The selectors of recorded series. */
export function recordedSelectors(context: PromqlContext) {
  /**
   * A rate or an increase over the window: each recorded rate stands for the time from one recording to
   * the next.
   *
   * @throws if it is not recorded, or a label of the query is not.
   */
  function change<L extends Labels>(
    function_: "rate" | "increase" | "resets" | "delta",
    metric: Metric<MetricType, L>,
    part: AskedPart,
    { where, by = [], window = context.window }: QueryOptions<L>,
    extra?: Record<string, Match>,
  ): string {
    checkRecorded(metric, [...by, ...Object.keys(where ?? {})]);
    const { interval, fiveMinutes = {} } = context.recorded ?? { interval: NaN };
    const isFive = window in fiveMinutes;
    const name = recordedName(metric, isFive ? "rate5m" : "rate", part);
    const series = select(name, { ...where, ...extra });
    const mean = isFive ? fiveMinutes[window] : window;
    const rate = mean === undefined ? series : `avg_over_time(${series}[${mean}])`;
    switch (function_) {
      case "rate":
        return rate;
      case "increase":
        return isFive ? `${rate} * 300` : `sum_over_time(${series}[${window}]) * ${interval}`;
      default:
        throw new Error(`The rules do not record ${function_} of ${metric.name}.`);
    }
  }

  /**
   * A gauge, aggregated.
   *
   * @throws if it is not recorded, or a label of the query is not.
   */
  function level<L extends Labels>(
    aggregation: Aggregation,
    metric: Metric<MetricType, L>,
    { where, by = [], window }: QueryOptions<L>,
  ): string {
    const needed = aggregation === "avg" ? (["sum", "count"] as const) : [aggregation];
    checkRecorded(metric, [...by, ...Object.keys(where ?? {})], needed);
    if (aggregation === "avg") {
      const [sum, count] = (["sum", "count"] as const).map((part) => {
        const series = select(recordedName(metric, part), where);
        return over(
          "sum",
          window === undefined ? series : `avg_over_time(${series}[${window}])`,
          by,
        );
      });
      return `${sum ?? ""} / ${count ?? ""}`;
    }
    const series = select(recordedName(metric, aggregation), where);
    const vector =
      window === undefined ? series : `${OVER_TIME[aggregation]}(${series}[${window}])`;
    return over(aggregation === "count" ? "sum" : aggregation, vector, by);
  }

  /** How many engines each job and model has. */
  function engines(where: Readonly<Record<string, Match | undefined>> = {}): string {
    checkRecorded(ENGINES, Object.keys(where), ["sum"]);
    return select(recordedName(ENGINES, "sum"), where);
  }

  function select(name: string, where: Readonly<Record<string, Match | undefined>> = {}): string {
    const matchers = formatMatchers({ ...context.scope, ...where });
    return matchers === "" ? name : `${name}{${matchers}}`;
  }

  return { change, level, engines };
}

function checkRecorded(
  metric: Metric,
  labels: readonly string[],
  aggregations: readonly Aggregation[] = [],
): void {
  const recorded = ALL.find((one) => one.metric === metric);
  if (!aggregations.every((one) => recorded?.as?.includes(one))) {
    throw new Error(`The rules do not record ${aggregations.join(" and ")} of ${metric.name}.`);
  }
  if (recorded === undefined) throw new Error(`The rules do not record rates of ${metric.name}.`);
  const kept: readonly string[] = [...RECORDED_BY, ...(recorded.by ?? [])];
  const missing = labels.filter((label) => !kept.includes(label));
  if (missing.length > 0) {
    throw new Error(`The rules record ${metric.name} without the label ${missing.join(", ")}.`);
  }
}

type AnyRecorded = Recorded<Metric> & { readonly as?: readonly Aggregation[] };

const ALL: readonly AnyRecorded[] = [
  { metric: ENGINES, as: ["sum"] },
  { metric: DROPPED_STREAMS },
  ...Object.values<AnyRecorded | readonly AnyRecorded[]>({ ...RECORDED }).flat(),
];
