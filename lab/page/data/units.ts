/**
 * Formats values for people, in the units that the dashboards use. The unit names and the output are
 * Grafana's. Grafana's own formatter is available only as a library with React and a map renderer.
 */

/** Formats a value; without `decimals`, with three significant digits. */
export type Format = (value: number, decimals?: number) => string;

/** @throws Error for an unknown unit. */
export function formatIn(unit: string): Format {
  const known = UNITS[unit];
  if (known) return finite(known);
  const [, kind, text = ""] = /^(prefix|suffix):([^]*)$/.exec(unit) ?? [];
  // Grafana puts a space before the text, even if the text starts with a space itself.
  if (kind === "suffix") return finite((value, decimals) => `${fixed(value, decimals)} ${text}`);
  if (kind === "prefix") return finite((value, decimals) => text + fixed(value, decimals));
  throw new Error(
    `The unit "${unit}" is not known to this page: add it to lab/page/data/units.ts.`,
  );
}

/**
 * A number with `decimals` digits after the decimal point; by default enough for three significant
 * digits, but none for a whole number.
 */
export function fixed(value: number, decimals = digitsThatCount(value)): string {
  const factor = 10 ** decimals;
  const rounded = Math.round(value * factor) / factor;
  const text = String(rounded);
  return text.includes("e") ? text : rounded.toFixed(decimals);
}

function digitsThatCount(value: number): number {
  if (value % 1 === 0) return 0;
  return Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
}

/**
 * Each suffix is for numbers `factor` times as large as those of the suffix before it; `plain` is the
 * index of the suffix for 1.
 */
interface Scale {
  factor: number;
  suffixes: string[];
  plain: number;
}

const COUNTS = ["", "K", "M", "B", "T"];
const SI = ["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SHORT = ["", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"];

function counts(unit: string): Scale {
  return { factor: 1000, suffixes: COUNTS.map((prefix) => `${prefix} ${unit}`), plain: 0 };
}

function si(unit: string): Scale {
  return { factor: 1000, suffixes: SI.map((prefix) => ` ${prefix}${unit}`), plain: 5 };
}

const UNITS: Record<string, Format> = {
  none: fixed,
  string: String,
  short: scaled({ factor: 1000, suffixes: SHORT, plain: 0 }),
  percent: (value, decimals) => `${fixed(value, decimals)}%`,
  percentunit: (value, decimals) => `${fixed(value * 100, decimals)}%`,
  s: seconds,
  dtdurations: duration,
  ops: scaled(counts("ops/s")),
  reqps: scaled(counts("req/s")),
  cps: scaled(counts("c/s")),
  bytes: scaled({ factor: 1024, suffixes: BINARY.map((prefix) => ` ${prefix}B`), plain: 0 }),
  Bps: scaled(si("B/s")),
  flops: scaled(si("FLOPS")),
  watt: scaled(si("W")),
  celsius: (value, decimals) => `${fixed(value, decimals)} °C`,
};

function scaled({ factor, suffixes, plain }: Scale): Format {
  return (value, decimals) => {
    const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / Math.log10(factor));
    const within = Math.min(Math.max(power, -plain), suffixes.length - plain - 1);
    return fixed(value / factor ** within, decimals) + (suffixes[plain + within] ?? "");
  };
}

/** For values up to `below`: the divisor, and the suffix of the number. */
const SECONDS: [below: number, divisor: number, suffix: string][] = [
  [1e-6, 1e-9, " ns"],
  [1e-3, 1e-6, " µs"],
  [1, 1e-3, " ms"],
  [60, 1, " s"],
  [3600, 60, " min"],
  [86_400, 3600, " hour"],
  [604_800, 86_400, " day"],
  [31_536_000, 604_800, " week"],
  [Infinity, 31_556_900, " year"],
];

function seconds(value: number, decimals?: number): string {
  if (value === 0) return "0 s";
  const [, divisor, suffix] = SECONDS.find(([below]) => Math.abs(value) < below) ?? [0, 1, " s"];
  // If the divisor is below 1, Grafana multiplies instead, which rounds differently.
  const number = divisor < 1 ? value * Math.round(1 / divisor) : value / divisor;
  const plural = divisor > 1 && Math.abs(number) > 1 ? "s" : "";
  return fixed(number, decimals) + suffix + plural;
}

/** In whole units; `decimals` says how many smaller units follow the largest one. */
function duration(value: number, decimals = 0): string {
  if (value === 0) return "0 seconds";
  if (value < 0) return `${duration(-value, decimals)} ago`;
  let rest = value * 1000;
  const parts: string[] = [];
  for (const [name, size] of DURATIONS) {
    const interval = size * 1000;
    if (parts.length > decimals || (parts.length === 0 && rest < interval)) continue;
    const count = Math.floor(rest / interval);
    parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
    rest %= interval;
  }
  return parts.join(", ");
}

const DURATIONS: [name: string, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
  ["millisecond", 0.001],
];

function finite(format: Format): Format {
  return (value, decimals) => {
    if (Number.isNaN(value)) return "NaN";
    return Number.isFinite(value) ? format(value, decimals) : value < 0 ? "-∞" : "∞";
  };
}
