import uPlot from "uplot";
import type { Bucket } from "../answers.ts";
import { withoutZeros } from "../data/axis.ts";
import { spectral } from "../data/colours.ts";
import { displayIn, type DisplayedValue } from "../data/display.ts";
import { chart, common, moment, timeAxis, valueAxis } from "./chart.ts";
import { element } from "./dom.ts";
import { type Draw, nothing } from "./drawing.ts";
import { tooltip } from "./tooltip.ts";

/** A distribution over time: a redder cell has more values. */
export const drawHeatmap: Draw = (body, panel, answer, context) => {
  const [query] = answer.queries;
  const { times = [], buckets = [] } = query ?? {};
  const most = Math.max(0, ...buckets.flatMap(({ counts }) => counts.map((count) => count ?? 0)));
  if (most <= NOTHING) return nothing(panel);

  const { yAxis = {} } = panel.options ?? {};
  const display = displayIn({ ...panel.fieldConfig?.defaults, ...yAxis });
  const count = displayIn({ unit: "short" });
  const shared = common(context);
  const place = element("div", { class: "chart" });
  const scale = element(
    "div",
    { class: "scale" },
    element("span", {}, "0"),
    element("i"),
    element("span", {}, count(most).text),
  );
  body.append(place, scale);
  const plot = chart(
    place,
    {
      ...shared,
      scales: { ...shared.scales, y: { range: [0, buckets.length] } },
      axes: [
        timeAxis(context),
        valueAxis({
          splits: everyNth(buckets.length, place.clientHeight),
          texts: (rows) =>
            rows.map((row) => boundText(buckets[(row ?? 0) - 1]?.high ?? null, display)),
        }),
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      cursor: { ...shared.cursor, points: { show: false } },
      hooks: {
        ...shared.hooks,
        draw: [
          (self: uPlot) => {
            drawCells(self, { times, buckets, most });
          },
          ...shared.hooks.draw,
        ],
      },
      plugins: [
        tooltip((self, index) => {
          const row = Math.floor(self.posToVal(self.cursor.top ?? 0, "y"));
          const bucket = buckets[row];
          if (!bucket) return undefined;
          const [low, high] = [bucket.low ?? 0, bucket.high];
          return [
            element("b", {}, moment(times[index] ?? 0)),
            element(
              "div",
              {},
              `${display(low).text} to ${boundText(high, display)}`,
              element("strong", {}, count(bucket.counts[index] ?? 0).text),
            ),
          ];
        }),
      ],
    },
    [times, times.map(() => null)],
  );
  return {
    destroy() {
      plot.destroy();
    },
  };
};

/** Counts are rates multiplied by durations: anything below this is rounding noise. */
const NOTHING = 1e-9;

function boundText(bound: number | null, display: (value: number) => DisplayedValue): string {
  return bound === null ? "∞" : withoutZeros(display(bound).text);
}

/** The upper ends of every nth row, with n large enough that their texts do not touch. */
function everyNth(rows: number, height: number): number[] {
  const step = Math.max(1, Math.ceil((rows * 16) / Math.max(1, height - 40)));
  return Array.from({ length: Math.floor(rows / step) }, (_, index) => (index + 1) * step);
}

/** Each cell ends at the moment for which it counts. */
function drawCells(
  plot: uPlot,
  { times, buckets, most }: { times: number[]; buckets: Bucket[]; most: number },
): void {
  const { ctx, bbox } = plot;
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const [row, { counts }] of buckets.entries()) {
    const top = Math.round(plot.valToPos(row + 1, "y", true));
    const bottom = Math.round(plot.valToPos(row, "y", true));
    for (const [index, count] of counts.entries()) {
      if (count === null || count <= NOTHING) continue;
      const time = times[index] ?? 0;
      const left = Math.round(plot.valToPos(time - step, "x", true));
      const right = Math.round(plot.valToPos(time, "x", true));
      ctx.fillStyle = spectral(count / most);
      ctx.fillRect(left, top, Math.max(1, right - left), bottom - top);
    }
  }
  ctx.restore();
}
