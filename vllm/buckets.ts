/** Histogram buckets: vLLM's defaults, a deployment's replacements, and the format of `le`. */
import type { BucketFamily, Metric } from "./metric.ts";

/** A deployment's `--custom-histogram-buckets`. */
export type CustomBuckets = Partial<Record<BucketFamily, readonly number[]>>;

/** The default bounds, from `vllm/v1/metrics/buckets.py` of 0.33.0 and the same since 0.8. */
export const BUCKET_FAMILIES: Record<Exclude<BucketFamily, "request_tokens">, readonly number[]> = {
  request_latency: [
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
  ],
  time_to_first_token: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640, 2560,
  ],
  inter_token_latency: [
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  ],
  iteration_tokens: [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384],
  request_params_n: [1, 2, 5, 10, 20],
  request_num_preemptions: [1, 2, 3, 4, 5, 10, 20],
  kv_cache_residency: [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600,
    1200, 1800,
  ],
};

/**
 * A histogram's bounds, ascending and without `+Inf`. Those of the length histograms end at the
 * model's `maxModelLen`; the default is above any model's.
 */
export function bucketBounds(
  metric: Metric<"histogram">,
  { custom = {}, maxModelLen = 100_000_000 }: { custom?: CustomBuckets; maxModelLen?: number } = {},
): readonly number[] {
  const { buckets = [] } = metric;
  if (typeof buckets !== "string") return buckets;
  return (
    custom[buckets] ??
    (buckets === "request_tokens" ? oneTwoFive(maxModelLen) : BUCKET_FAMILIES[buckets])
  );
}

/**
 * A number as Python's client writes it and as Prometheus 3 stores it in `le`, whatever the server
 * wrote: `1.0`, `0.25`, `2560.0`, `1e+06` (`FormatOpenMetricsFloat` in its `model/labels/float.go`).
 */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  const [mantissa = "", power = ""] = value.toExponential().split("e");
  if (Number(power) < -4 || Number(power) >= 6) {
    return `${mantissa}e${power.slice(0, 1)}${power.slice(1).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

/** The bounds on either side of a threshold, or the threshold itself if it is a bound. */
export function nearestBounds(bounds: readonly number[], threshold: number): readonly number[] {
  if (bounds.includes(threshold)) return [threshold];
  const below = bounds.filter((bound) => bound < threshold).at(-1);
  const above = bounds.find((bound) => bound > threshold);
  return [below, above].filter((bound) => bound !== undefined);
}

function oneTwoFive(largest: number): number[] {
  const bounds: number[] = [];
  for (let power = 1; ; power *= 10) {
    for (const mantissa of [1, 2, 5]) {
      if (mantissa * power > largest) return bounds;
      bounds.push(mantissa * power);
    }
  }
}
