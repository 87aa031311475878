/** Several measurements of the same quantity. */
export interface Measured {
  median: number;
  least: number;
  most: number;
}

/** @throws Error if there are no values. */
export function measured(values: readonly number[]): Measured {
  const sorted = values.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new Error("Nothing was measured.");
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? most;
  const lower = sorted[Math.ceil(middle) - 1] ?? least;
  return { median: (lower + upper) / 2, least, most };
}

/** A duration with its spread, such as `1.24 s (1.20–1.31)`. */
export function secondsText({ median, least, most }: Measured): string {
  const digits = median < 0.1 ? 3 : median < 10 ? 2 : 1;
  return `${median.toFixed(digits)} s (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** The ratio of one duration to another: `1.27 ×`. */
export function ratioText(one: Measured, other: Measured): string {
  return `${(one.median / other.median).toFixed(2)} ×`;
}

/** A size with three significant digits: `873 B`, `1.20 MiB`. */
export function bytesText(bytes: number): string {
  for (const [unit, name] of [
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ] as const) {
    if (bytes >= unit) {
      const count = bytes / unit;
      return `${count < 100 ? count.toPrecision(3) : Math.round(count)} ${name}`;
    }
  }
  return `${Math.round(bytes)} B`;
}

/** A count of at most three digits and a unit: `873`, `26.5 k`, `1.20 M`. */
export function countText(count: number): string {
  for (const [unit, letter] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    if (count >= unit * 0.9995) return `${(count / unit).toPrecision(3)} ${letter}`;
  }
  return String(Math.round(count));
}
