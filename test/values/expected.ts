/** What panels should show, computed from what really happened in the fleet (the truth). */
import { metrics, type Metric } from "../../vllm/index.ts";
import type { FleetPart, Values } from "./fleetPart.ts";

/** The series of one query: one for each combination of the labels `by` for which `of` has series. */
export interface Expected {
  by: readonly string[];
  of: Metric;
  /** Undefined where there must be no series. `whole` is everything that the reader selected. */
  value: (part: FleetPart, whole: FleetPart) => Shown | undefined;
  /** The parts of the fleet that have a series, if they are not those of `of`. */
  parts?: (whole: FleetPart) => FleetPart[];
  /** A series must have had a sample within this many seconds, if it does not need one now. */
  seen?: number;
  /** Whether there is one series even where `of` has none. */
  always?: boolean;
  /** The window in seconds, if it is not the panel's. */
  window?: number;
  /** Whether it ignores the selected model and covers all models of the selected instances. */
  anyModel?: boolean;
  /** Why it is empty or 0 even for all servers together. No other value may be. */
  blank?: string;
}

/** An exact number, the range in which a quantile must lie, or the number of values in each bucket. */
export type Shown = number | { low: number; high: number } | Map<number, number>;

/** A panel whose values are not compared: why, and whether its queries must return data or nothing. */
export interface Listed {
  reason: string;
  gives: "data" | "nothing";
}

/**
 * What each panel of a dashboard shows, by title: an entry for each of its queries in their order.
 */
export type DashboardValues = Readonly<Record<string, readonly Expected[] | Listed>>;

type Counter = Metric<"counter">;
type Histogram = Metric<"histogram">;
type Observed = Metric<"histogram" | "summary">;
type Level = Metric<"gauge" | "info">;

interface ExpectedOptions {
  by?: readonly string[];
  where?: Values;
}

export function rate(of: Counter, { by = [], where }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.rate(of, where) };
}

export function increase(of: Counter, { by = [], where }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.increase(of, where) };
}

/** Observations per second. */
export function observations(of: Observed, { by = [], where }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.rate(of, where) };
}

/** The sum of the observed values per second. */
export function total(of: Observed, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.total(of) };
}

export function mean(of: Observed, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.mean(of) };
}

/**
 * Prometheus only knows which bucket the quantile is in, and shows the upper bound for the first bucket.
 * With fewer than `atLeast` values there is no series.
 */
export function quantile(
  share: number,
  of: Histogram,
  { by = [], atLeast = 0 }: ExpectedOptions & { atLeast?: number } = {},
): Expected {
  const value = (part: FleetPart) => {
    const truth = part.quantile(share, of);
    if (truth === undefined || part.increase(of) < atLeast) return undefined;
    return bucketOf(truth, of, part);
  };
  return { by, of, value };
}

const SAMPLES = { 0.99: 100, 0.95: 20, 0.9: 10, 0.5: 2 };

/** The same, only with so many values that the percentile is not just the largest of them. */
export function percentile(
  share: keyof typeof SAMPLES,
  of: Histogram,
  options: ExpectedOptions = {},
): Expected {
  return quantile(share, of, { ...options, atLeast: SAMPLES[share] });
}

/** The counterpart of `percentiles` in the dashboards. */
export function percentiles(of: Histogram): Expected[] {
  return [...([0.99, 0.95, 0.9, 0.5] as const).map((share) => percentile(share, of)), mean(of)];
}

export function distribution(of: Histogram): Expected {
  const value = (part: FleetPart) => {
    let below = 0;
    const counts = new Map<number, number>();
    const all = part.increase(of);
    for (const bound of [...part.bounds(of), Infinity]) {
      const upTo = (part.fractionBelow(bound, of) ?? 0) * all;
      if (upTo - below > 1e-9) counts.set(bound, upTo - below);
      below = upTo;
    }
    return counts;
  };
  return { by: [], of, value };
}

export function sum(of: Level, { by = [], where }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.level(of, where) };
}

export function max(of: Level, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => Math.max(...part.levels(of)) };
}

export function min(of: Level, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => Math.min(...part.levels(of)) };
}

export function average(of: Level, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.level(of) / part.levels(of).length };
}

export function count(of: Level, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.levels(of).length };
}

/** Any other number. */
export function value(
  of: Metric,
  by: readonly string[],
  value: (part: FleetPart, whole: FleetPart) => number | undefined,
): Expected {
  return { by, of, value };
}

/** The same where it is not 0. */
export function positive(expected: Expected): Expected {
  return {
    ...expected,
    value: (part, whole) => {
      const shown = expected.value(part, whole);
      return shown === 0 ? undefined : shown;
    },
  };
}

/** The same where the test can only prove that the value is missing or 0. */
export function blank(expected: Expected, reason: string): Expected {
  return { ...expected, blank: reason };
}

/** The ratio of two quantities; undefined where the denominator is 0. */
export function ratio(
  of: Metric,
  by: readonly string[],
  parts: (part: FleetPart, whole: FleetPart) => [numerator: number, denominator: number],
): Expected {
  return value(of, by, (part, whole) => share(...parts(part, whole)));
}

export function share(numerator: number, denominator: number): number | undefined {
  return denominator > 0 ? numerator / denominator : undefined;
}

/** How many of the selected servers are dead: among all targets, or those of one job. */
export function targetsDown(job?: string): Expected {
  return {
    by: [],
    of: metrics.requestsRunning,
    parts: (whole) => [whole],
    value: (_, whole) => whole.dead(job).length,
  };
}

export function listed(gives: Listed["gives"], reason: string): Listed {
  return { gives, reason };
}

/**
 * The bucket's two bounds. Above the last bucket common to all servers, the upper bound is the highest
 * bound of any server.
 */
function bucketOf(truth: number, of: Histogram, part: FleetPart) {
  const bounds = part.bounds(of);
  const high = bounds.find((bound) => truth <= bound);
  if (high === undefined) return { low: bounds.at(-1) ?? 0, high: part.lastBound(of) };
  return { low: bounds.filter((bound) => bound < truth).at(-1) ?? high, high };
}
