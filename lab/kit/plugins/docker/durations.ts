const UNITS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};
const PART = /([\d.]+)(ns|us|µs|ms|s|m|h)/g;

/** Whether a text is a duration in Go's format: `2s`, `1m30s`, `500ms`. */
export function isDuration(text: string): boolean {
  return text === "0" || /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text);
}

/** Converts a duration in Go's format to nanoseconds. */
export function nanoseconds(text: string): number {
  const parts = Array.from(text.matchAll(PART));
  return parts.reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0),
    0,
  );
}

/** A duration as Go prints it: `1m30s` for 90 s, `1m0s` for 60 s. */
export function durationText(total = 0): string {
  if (total === 0) return "0s";
  if (total < 1e3) return `${total}ns`;
  if (total < 1e6) return `${total / 1e3}µs`;
  if (total < 1e9) return `${total / 1e6}ms`;
  const hours = Math.floor(total / 3.6e12);
  const minutes = Math.floor((total % 3.6e12) / 6e10);
  const seconds = (total % 6e10) / 1e9;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}
