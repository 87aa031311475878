import { parseDuration } from "./prometheus.ts";

/**
 * Converts a moment as Grafana writes it into URLs and dashboards to seconds since 1970. Accepts
 * `now`, `now-15m`, `now-1d/d` (without the rounding), or milliseconds since 1970.
 */
export function parseTime(value: unknown, otherwise: number, now = Date.now() / 1000): number {
  const [matched, ago] = /^now(?:-(\w+))?(?:\/\w)?$/.exec(String(value)) ?? [];
  if (matched !== undefined) return now - (parseDuration(ago) ?? 0);
  const milliseconds = Number(value);
  return value !== undefined && value !== null && Number.isFinite(milliseconds)
    ? milliseconds / 1000
    : otherwise;
}

/**
 * The step that Grafana uses for a time range if a panel has room for `points` points: a round number
 * of seconds, never below `shortest`. All durations are in seconds.
 */
export function stepFor(span: number, points: number, shortest: number): number {
  const exact = span / Math.max(1, points);
  if (exact < shortest) return shortest;
  return STEPS.find(([upTo]) => exact <= upTo)?.[1] ?? 2_592_000;
}

/** As in Grafana's pkg/tsdb/intervalv2: an interval up to `upTo` is rounded to `step`. */
const STEPS: [upTo: number, step: number][] = [
  [0.015, 0.01],
  [0.035, 0.02],
  [0.075, 0.05],
  [0.15, 0.1],
  [0.35, 0.2],
  [0.75, 0.5],
  [1.5, 1],
  [3.5, 2],
  [7.5, 5],
  [12.5, 10],
  [17.5, 15],
  [25, 20],
  [45, 30],
  [90, 60],
  [210, 120],
  [450, 300],
  [750, 600],
  [1050, 900],
  [1500, 1200],
  [2700, 1800],
  [5400, 3600],
  [9000, 7200],
  [16_200, 10_800],
  [32_400, 21_600],
  [86_400, 43_200],
  [604_800, 86_400],
  [1_814_400, 604_800],
];
