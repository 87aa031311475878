/** PromQL's aggregations over series, and over the samples of one series. */

export type Aggregation = "sum" | "avg" | "min" | "max" | "count" | "group";

/** Aggregates series into one, or into one for each combination of some labels. */
export function over(aggregation: Aggregation, vector: string, by: readonly string[] = []): string {
  return by.length === 0
    ? `${aggregation}(${vector})`
    : `${aggregation} by (${by.join(", ")}) (${vector})`;
}

/** For each aggregation, the function that a query applies to each series of a gauge over a range. */
export const OVER_TIME: Readonly<Record<Aggregation, string>> = {
  sum: "avg_over_time",
  avg: "avg_over_time",
  min: "min_over_time",
  max: "max_over_time",
  count: "last_over_time",
  group: "last_over_time",
};
