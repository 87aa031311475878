/** A value as people read it, in a unit as Grafana names it; one that is not known is left out. */
export function formatValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "no value";
  switch (unit) {
    case "s":
      return scaled(value, SECONDS);
    case "percentunit":
      return `${digits(value * 100)} %`;
    case "percent":
      return `${digits(value)} %`;
    case "bytes":
      return scaled(value, BYTES);
    default:
      return scaled(value, COUNT) + (SUFFIXES[unit] ?? "");
  }
}

type Scale = [from: number, suffix: string][];

const SECONDS: Scale = [
  [60, " min"],
  [1, " s"],
  [0.001, " ms"],
  [0.000_001, " µs"],
];
const BYTES: Scale = [
  [2 ** 30, " GiB"],
  [2 ** 20, " MiB"],
  [2 ** 10, " KiB"],
  [1, " B"],
];
const COUNT: Scale = [
  [1e9, " G"],
  [1e6, " M"],
  [1e3, " k"],
  [1, ""],
];
const SUFFIXES: Record<string, string> = { reqps: " req/s", ops: " op/s", cps: " /s" };

function scaled(value: number, scale: Scale): string {
  const [size, suffix] = scale.find(([from]) => Math.abs(value) >= from) ?? [
    1,
    scale.find(([from]) => from === 1)?.[1] ?? "",
  ];
  return digits(value / size) + suffix;
}

/** Three digits that count, and no zeros at the end. */
function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
