/** Compares an answer from Prometheus with the values that should be shown. */
import assert from "node:assert/strict";
import type { Expected, Shown } from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";
import type { QueryAnswer } from "./scrapedPrometheus.ts";

/**
 * How far a number may differ from the truth, as a fraction of it. Means, shares and gauges match
 * exactly. Rates match too, with one exception: Prometheus extrapolates a counter that was still 0 at
 * the start of the window less than the others, so a sum with such a rare counter is slightly smaller.
 */
const TOLERANCE = 5e-3;

/** The same for series recorded by rules: their windows are shorter, so each such counter loses more. */
const RECORDED_TOLERANCE = 1e-2;

/** The tolerance where the truth is 0. */
const NOTHING = 1e-9;

/**
 * Fails unless the answer has exactly the expected series, each with the expected value.
 *
 * @param names Names of servers by address. The label `instance` has the address.
 * @returns Whether the comparison proves anything, that is, whether any value is not 0.
 */
export function compare(
  expected: Expected,
  whole: FleetPart,
  answer: readonly QueryAnswer[],
  names: ReadonlyMap<string, string>,
): boolean {
  const truth = truthOf(expected, whole);
  const shown = shownBy(answer, names);
  const said = (series: Map<string, Shown>) =>
    JSON.stringify([...series].map(([k, v]) => [k, text(v)]));
  assert.deepEqual(
    [...shown.keys()].sort(),
    [...truth.keys()].sort(),
    `The series are ${said(shown)}, but should be ${said(truth)}.`,
  );
  const tolerance = whole.window.recordedEvery === undefined ? TOLERANCE : RECORDED_TOLERANCE;
  for (const [key, should] of truth) {
    const is = shown.get(key) ?? NaN;
    assert.ok(
      agree(is, should, tolerance),
      `${key} is ${text(is)}, but should be ${text(should)}.`,
    );
  }
  return [...truth.values()].some((should) => should !== 0);
}

/** Fails unless every sample of an answer is a number. */
export function assertNumbers(answer: readonly QueryAnswer[]): void {
  for (const { value, metric } of answer) {
    assert.ok(
      value === undefined || Number.isFinite(Number(value[1])),
      `${JSON.stringify(metric)} is ${value?.[1]}.`,
    );
  }
}

function truthOf(expected: Expected, chosen: FleetPart): Map<string, Shown> {
  const { by, of, value, always, window, seen } = expected;
  const whole = window === undefined ? chosen : chosen.within(window);
  const parts = expected.parts?.(whole) ?? whole.by(by, of, seen);
  if (always && parts.length === 0) parts.push(whole);
  return new Map(
    parts.flatMap((one) => {
      const shown = value(one, whole);
      const labels = by.flatMap((label) => {
        const text = one.labels[label];
        return text === undefined ? [] : [[label, text] as const];
      });
      return shown === undefined ? [] : [[keyOf(Object.fromEntries(labels)), shown] as const];
    }),
  );
}

/** An answer's values by labels. All buckets of a classic histogram together are one value. */
function shownBy(
  answer: readonly QueryAnswer[],
  names: ReadonlyMap<string, string>,
): Map<string, Shown> {
  const shown = new Map<string, Shown>();
  const classic = new Map<string, [bound: number, upTo: number][]>();
  for (const { metric, value, histogram } of answer) {
    const { le, ...labels } = metric;
    if (labels.instance !== undefined) {
      labels.instance = names.get(labels.instance) ?? labels.instance;
    }
    const key = keyOf(labels);
    assert.ok(!shown.has(key), `There are two series ${key}.`);
    if (histogram) {
      const buckets = histogram[1].buckets ?? [];
      shown.set(key, new Map(buckets.map(([, , high, count]) => [bound(high), Number(count)])));
    } else if (le !== undefined) {
      classic.set(key, [...(classic.get(key) ?? []), [bound(le), Number(value?.[1])]]);
    } else {
      shown.set(key, Number(value?.[1]));
    }
  }
  for (const [key, buckets] of classic) {
    let below = 0;
    const counts = new Map<number, number>();
    for (const [bound, upTo] of buckets.sort(([a], [b]) => a - b)) {
      if (upTo - below > NOTHING) counts.set(bound, upTo - below);
      below = upTo;
    }
    shown.set(key, counts);
  }
  return shown;
}

function agree(is: Shown, should: Shown, tolerance: number): boolean {
  if (should instanceof Map) {
    return (
      is instanceof Map &&
      new Set([...is.keys(), ...should.keys()]).size === should.size &&
      [...should].every(([bound, count]) => agree(is.get(bound) ?? 0, count, tolerance))
    );
  }
  if (typeof is !== "number") return false;
  if (typeof should === "number") {
    return Math.abs(is - should) <= tolerance * Math.abs(should) + NOTHING;
  }
  const { low, high } = should;
  return is >= low * (1 - tolerance) && is <= high * (1 + tolerance);
}

function bound(le: string): number {
  return Number(le.replace("Inf", "Infinity"));
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([label, value]) => `${label}="${value}"`).join(", ")}}`;
}

function text(shown: Shown): string {
  if (typeof shown === "number") return String(shown);
  if (shown instanceof Map) {
    return [...shown].map(([bound, count]) => `${count} up to ${bound}`).join(", ");
  }
  return `from ${shown.low} to ${shown.high}`;
}
