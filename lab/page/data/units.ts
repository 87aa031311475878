/**
 * Values as people read them, in the units that the boards use, by Grafana's names for them and in
 * its words. Grafana's own formatter is a library only together with React and a map renderer.
 */

/** Writes a value; without `decimals`, with three digits that count. */
export type Format = (value: number, decimals?: number) => string;

/** @throws Error for a unit that is not known here. */
export function formatIn(unit: string): Format {
  const known = UNITS[unit];
  if (known) return finite(known);
  const [, kind, text = ""] = /^(prefix|suffix):([^]*)$/.exec(unit) ?? [];
  // Grafana puts a blank before the text, also where the text has one of its own.
  if (kind === "suffix") return finite((value, decimals) => `${fixed(value, decimals)} ${text}`);
  if (kind === "prefix") return finite((value, decimals) => text + fixed(value, decimals));
  throw new Error(
    `The unit "${unit}" is not known to this page: add it to lab/page/data/units.ts.`,
  );
}

/**
 * A number with so many digits after the point; without `decimals`, with three digits that count, or
 * none after the point of a whole number.
 */
export function fixed(value: number, decimals?: number): string {
  if (value === 0) return "0";
  if (Number.isInteger(value)) return value.toFixed(decimals ?? 0);
  return value.toFixed(decimals ?? Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** Sizes in ascending order, each with what stands behind the number; the first one is for 0 too. */
type Scale = [size: number, suffix: string][];

const SECONDS: Scale = [
  [1e-9, " ns"],
  [1e-6, " µs"],
  [1e-3, " ms"],
  [1, " s"],
  [60, " min"],
  [3600, " hour"],
  [86_400, " day"],
  [604_800, " week"],
  [31_536_000, " year"],
];

const thousands = (suffixes: string[], unit: string): Scale =>
  suffixes.map((suffix, index) => [1000 ** index, `${suffix}${unit}`]);
const counts = (unit: string) => thousands(["", "K", "M", "B", "T"], ` ${unit}`);
const si = (unit: string) => thousands([" ", " k", " M", " G", " T", " P", " E"], unit);
const BINARY: Scale = [" B", " KiB", " MiB", " GiB", " TiB", " PiB"].map((suffix, index) => [
  1024 ** index,
  suffix,
]);

const UNITS: Record<string, Format> = {
  none: fixed,
  string: String,
  short: scaled(thousands(["", " K", " Mil", " Bil", " Tri"], "")),
  percent: (value, decimals) => `${fixed(value, decimals)}%`,
  percentunit: (value, decimals) => `${fixed(tidy(value * 100), decimals)}%`,
  s: seconds,
  dtdurations: duration,
  ops: scaled(counts("ops/s")),
  reqps: scaled(counts("req/s")),
  cps: scaled(counts("c/s")),
  bytes: scaled(BINARY),
  Bps: scaled(si("B/s").map(([size, suffix]) => [size, suffix])),
  flops: scaled(si("FLOPS")),
  watt: scaled(si("W")),
  celsius: (value, decimals) => `${fixed(value, decimals)} °C`,
};

function scaled(scale: Scale): Format {
  return (value, decimals) => {
    const [size, suffix] = sizeFor(value, scale);
    return fixed(value / size, decimals) + suffix;
  };
}

function seconds(value: number, decimals?: number): string {
  if (value === 0) return "0 s";
  const [size, suffix] = sizeFor(value, SECONDS);
  const number = fixed(tidy(value / size), decimals);
  return number + suffix + (size > 1 && number !== "1" ? "s" : "");
}

/** In whole units; `decimals` tells how many smaller ones follow the largest. */
function duration(value: number, decimals = 0): string {
  let rest = Math.abs(value);
  const parts: string[] = [];
  for (const [name, size] of DURATIONS) {
    const count = Math.floor(rest / size + 1e-9);
    if (count === 0 && parts.length === 0) continue;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
    rest -= count * size;
    if (parts.length > decimals) break;
  }
  return parts.join(", ") || "0 seconds";
}

const DURATIONS: [name: string, size: number][] = [
  ["year", 31_536_000],
  ["month", 2_628_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
  ["millisecond", 0.001],
];

function sizeFor(value: number, scale: Scale): [number, string] {
  const fitting = scale.findLast(([size]) => Math.abs(value) >= size);
  const plain = scale.find(([size]) => size === 1);
  return fitting ?? (value === 0 ? plain : undefined) ?? scale[0] ?? [1, ""];
}

/** Free of the noise of floating point. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function finite(format: Format): Format {
  return (value, decimals) => {
    if (Number.isNaN(value)) return "NaN";
    return Number.isFinite(value) ? format(value, decimals) : value < 0 ? "-∞" : "∞";
  };
}
