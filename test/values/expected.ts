/** What panels should show, in the words of the truth. */
import { metrics, type Metric } from "../../vllm/index.ts";
import type { FleetPart, Values } from "./fleetPart.ts";

/** The series of one query: one for each part of the fleet that `of` has series of, `by` labels. */
export interface Expected {
  by: readonly string[];
  of: Metric;
  /** Nothing where there must be no series; `whole` is all that the reader chose. */
  value: (part: FleetPart, whole: FleetPart) => Shown | undefined;
  /** Its series, if not those of `of`. */
  parts?: (whole: FleetPart) => FleetPart[];
  /** Seconds within which a series must have had a sample, if it need not have one now. */
  seen?: number;
  /** One series, whether or not there is any of `of`. */
  always?: boolean;
  /** Seconds of its window, if not the panel's. */
  window?: number;
  /** It is about the chosen instances with whatever model. */
  anyModel?: boolean;
  /** Why it is nothing or 0 even of all servers together, as no other number may be. */
  blank?: string;
}

/** An exact number, the range in which a quantile must be, or how many values each bucket has. */
export type Shown = number | { low: number; high: number } | Map<number, number>;

/** A panel that is not compared: why, and what its queries must give nevertheless. */
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

/** What the observed values add up to per second. */
export function total(of: Observed, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.total(of) };
}

export function mean(of: Observed, { by = [] }: ExpectedOptions = {}): Expected {
  return { by, of, value: (part) => part.mean(of) };
}

/**
 * Prometheus only knows the bucket that it is in, and what lies in the first is shown as its end;
 * and nothing of fewer than `atLeast` values.
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

/** The same, of no fewer values than make it more than the largest of them. */
export function percentile(
  share: keyof typeof SAMPLES,
  of: Histogram,
  options: ExpectedOptions = {},
): Expected {
  return quantile(share, of, { ...options, atLeast: SAMPLES[share] });
}

/** As `percentiles` of the dashboards. */
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

/** The same where nothing else can be proven but that it is nothing or 0. */
export function blank(expected: Expected, reason: string): Expected {
  return { ...expected, blank: reason };
}

/** One quantity for each of another, nothing where there is none of the other. */
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

/** How many of the chosen servers are dead; all targets or those of a job. */
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
 * The bucket's two ends; beyond the last bucket of all servers the end of any server's last one.
 */
function bucketOf(truth: number, of: Histogram, part: FleetPart) {
  const bounds = part.bounds(of);
  const high = bounds.find((bound) => truth <= bound);
  if (high === undefined) return { low: bounds.at(-1) ?? 0, high: part.lastBound(of) };
  return { low: bounds.filter((bound) => bound < truth).at(-1) ?? high, high };
}
