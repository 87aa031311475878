import type { Bucket } from "./answers.ts";
import type { RangeSeries } from "./prometheus.ts";

/**
 * The buckets of a distribution over time, from the lowest to the highest. Accepts native histograms,
 * or classic histograms: one series for each `le` bound, which counts all values below the bound.
 *
 * @param times Seconds since 1970. A bucket has a count for each of them.
 */
export function bucketsOf(series: RangeSeries[], times: number[]): Bucket[] {
  const isNative = series.some(({ histograms }) => histograms);
  return isNative ? nativeBuckets(series, times) : classicBuckets(series, times);
}

function classicBuckets(series: RangeSeries[], times: number[]): Bucket[] {
  const bounds = series
    .map(({ metric, values }) => ({
      bound: Number((metric.le ?? "").replace("Inf", "Infinity")),
      counts: new Map(values.map(([time, value]) => [time, Number(value)])),
    }))
    .sort((a, b) => a.bound - b.bound);
  return bounds.map(({ bound, counts }, index) => {
    const lower = bounds[index - 1];
    return {
      low: lower?.bound ?? null,
      high: Number.isFinite(bound) ? bound : null,
      counts: times.map((time) => {
        const count = counts.get(time);
        return count === undefined ? null : count - (lower?.counts.get(time) ?? 0);
      }),
    };
  });
}

function nativeBuckets(series: RangeSeries[], times: number[]): Bucket[] {
  const indexes = new Map(times.map((time, index) => [time, index]));
  const found = new Map<string, Bucket & { counts: number[] }>();
  for (const [time, { buckets = [] }] of series.flatMap(({ histograms = [] }) => histograms)) {
    const index = indexes.get(time);
    if (index === undefined) continue;
    for (const [, low, high, count] of buckets) {
      const bucket = found.get(high) ?? {
        low: finite(low),
        high: finite(high),
        counts: times.map(() => 0),
      };
      bucket.counts[index] = (bucket.counts[index] ?? 0) + Number(count);
      found.set(high, bucket);
    }
  }
  return [...found.values()].sort((a, b) => (a.high ?? Infinity) - (b.high ?? Infinity));
}

function finite(bound: string): number | null {
  const value = Number(bound.replace("Inf", "Infinity"));
  return Number.isFinite(value) ? value : null;
}
