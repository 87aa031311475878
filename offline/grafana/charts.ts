import type { EvaluatedQuery } from "./boards.ts";
import { escape } from "./html.ts";
import type { Range } from "./prometheus.ts";
import { formatValue } from "./units.ts";

type NamedSeries = EvaluatedQuery["series"][number];

export const COLOURS = [
  "#2f7d4f",
  "#b7791f",
  "#2b6cb0",
  "#b83280",
  "#6b46c1",
  "#c05621",
  "#4a5568",
];

const WIDTH = 600;
const HEIGHT = 120;

/** Lines over time, as SVG. The scale starts at zero. */
export function lineChart(
  series: NamedSeries[],
  { start, end, step }: Range,
  unit: string,
): string {
  const values = series.flatMap((one) => one.values.map(([, value]) => value));
  const top = Math.max(...values.filter(Number.isFinite), 0) || 1;
  const x = (time: number) => (((time - start) / (end - start)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / top) * HEIGHT).toFixed(1);
  const lines = series.map(({ values: points }, index) => {
    let path = "";
    let last = -Infinity;
    for (const [time, value] of points) {
      if (!Number.isFinite(value)) continue;
      // A gap in the data is a gap in the line.
      path += `${time - last > 2.5 * Math.max(step, 15) ? "M" : "L"}${x(time)} ${y(value)}`;
      last = time;
    }
    return `<path d="${path}" stroke="${COLOURS[index % COLOURS.length] ?? ""}"/>`;
  });
  return svg(lines.join(""), `from 0 to ${formatValue(top, unit)}`, formatValue(top, unit));
}

/** A histogram's buckets over time, as SVG: the darker, the more observations. */
export function heatMap(buckets: NamedSeries[], { start, end }: Range): string {
  const sorted = [...buckets].sort((a, b) => bound(a) - bound(b));
  const cells: { time: number; row: number; count: number }[] = [];
  sorted.forEach(({ values }, row) => {
    const below = new Map(sorted[row - 1]?.values);
    for (const [time, value] of values) {
      // Buckets count all that is below their bound, so the one below is taken off.
      const count = value - (below.get(time) ?? 0);
      if (count > 0) cells.push({ time, row, count });
    }
  });
  const most = Math.max(...cells.map(({ count }) => count), 0) || 1;
  // Buckets above the highest that ever counted anything would only be empty space.
  const rows = Math.max(...cells.map(({ row }) => row), 0) + 1;
  const times = sorted[0]?.values.map(([time]) => time) ?? [];
  const step = (times[1] ?? end) - (times[0] ?? start);
  const [width, height] = [(step / (end - start)) * WIDTH, HEIGHT / rows];
  const shapes = cells.map(
    ({ time, row, count }) =>
      `<rect x="${(((time - start) / (end - start)) * WIDTH - width).toFixed(1)}" ` +
      `y="${(HEIGHT - (row + 1) * height).toFixed(1)}" width="${width.toFixed(1)}" ` +
      `height="${height.toFixed(1)}" opacity="${(0.15 + 0.85 * (count / most)).toFixed(2)}"/>`,
  );
  return svg(shapes.join(""), `${rows} buckets`, `≤ ${sorted[rows - 1]?.name ?? ""}`);
}

function bound({ name }: NamedSeries): number {
  return Number(name.replace("+Inf", "Infinity"));
}

function svg(content: string, label: string, top: string): string {
  return (
    `<svg viewBox="0 -16 ${WIDTH} ${HEIGHT + 20}" role="img" aria-label="${escape(label)}">` +
    `<path class="axis" d="M0 0H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>${content}` +
    `<text y="-5">${escape(top)}</text></svg>`
  );
}
