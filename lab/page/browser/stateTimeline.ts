import uPlot from "uplot";
import { faded, readableOn, TEXT_COLOUR } from "../data/colours.ts";
import { configOf, displayIn, type DisplayedValue } from "../data/display.ts";
import { type PanelSeries, seriesOf } from "../data/series.ts";
import type { PanelOptions } from "../dashboardModel.ts";
import { chart, common, moment, timeAxis, valueAxis } from "./chart.ts";
import { element, swatch } from "./dom.ts";
import { type Draw, nothing } from "./drawing.ts";
import { tooltip } from "./tooltip.ts";

/** States over time, with one lane for each series. */
export const drawStateTimeline: Draw = (body, panel, answer, context) => {
  const series = seriesOf(panel, answer);
  if (series.length === 0) return nothing(panel);

  const { options = {} } = panel;
  const lanes = series.map((one) => laneOf(one, displayIn(configOf(panel, one.name))));
  const times = series[0]?.times ?? [];
  const shared = common(context);
  const place = element("div", { class: "chart" });
  const key = legendOf(lanes, options.legend);
  body.append(place, ...(key ? [key] : []));
  const style = {
    height: options.rowHeight ?? 0.9,
    opacity: Number(panel.fieldConfig?.defaults?.custom?.fillOpacity ?? 70) / 100,
    withText: options.showValue !== "never",
    align: (options.alignValue === "center" ? "center" : "left") as CanvasTextAlign,
  };
  const plot = chart(
    place,
    {
      ...shared,
      // The first lane is at the top.
      scales: { ...shared.scales, y: { range: [0, lanes.length], dir: -1 } },
      axes: [
        timeAxis(context),
        valueAxis({
          splits: lanes.map((_, index) => index + 0.5),
          texts: () => series.map(({ name }) => configOf(panel, name).displayName ?? name),
          lines: false,
        }),
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      cursor: { ...shared.cursor, points: { show: false } },
      hooks: {
        ...shared.hooks,
        draw: [
          (self: uPlot) => {
            for (const [row, lane] of lanes.entries()) drawLane(self, row, lane, style);
          },
          ...shared.hooks.draw,
        ],
      },
      plugins: [
        tooltip((self, index) => {
          const row = Math.floor(self.posToVal(self.cursor.top ?? 0, "y"));
          const time = times[index] ?? 0;
          const state = lanes[row]?.find(({ from, to }) => time >= from && time < to);
          if (!state) return undefined;
          return [
            element("b", {}, series[row]?.name ?? ""),
            element("div", {}, element("span", {}, swatch(state.shown.colour), state.shown.text)),
            element("div", {}, `${moment(state.from)} to ${moment(state.to)}`),
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

/** The colour of each state that occurs. */
function legendOf(lanes: Lasting[][], options: PanelOptions["legend"]): HTMLElement | undefined {
  if (options?.showLegend === false) return undefined;
  const states = new Map(lanes.flat().map(({ shown }) => [shown.text, shown.colour]));
  const items = [...states].map(([text, colour]) =>
    element("span", { class: "name" }, swatch(colour), element("span", {}, text)),
  );
  return element("div", { class: "legend list bottom" }, ...items);
}

/** A state and the time range that it lasted, in seconds since 1970. */
interface Lasting {
  from: number;
  to: number;
  shown: DisplayedValue;
}

/** Equal values at consecutive moments form one state, which lasts until the next moment. */
function laneOf(
  { times, values }: PanelSeries,
  display: (value: number) => DisplayedValue,
): Lasting[] {
  const step = (times[1] ?? 0) - (times[0] ?? 0);
  const lane: Lasting[] = [];
  for (const [index, value] of values.entries()) {
    const from = times[index] ?? 0;
    if (value === null) continue;
    const shown = display(value);
    const before = lane.at(-1);
    if (before && before.to >= from - step / 2 && before.shown.text === shown.text) {
      before.to = from + step;
    } else lane.push({ from, to: from + step, shown });
  }
  return lane;
}

function drawLane(
  plot: uPlot,
  row: number,
  lane: Lasting[],
  style: { height: number; opacity: number; withText: boolean; align: CanvasTextAlign },
): void {
  const { ctx, bbox } = plot;
  const rest = (1 - style.height) / 2;
  const top = plot.valToPos(row + rest, "y", true);
  const bottom = plot.valToPos(row + 1 - rest, "y", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${12 * uPlot.pxRatio}px system-ui, sans-serif`;
  ctx.textBaseline = "middle";
  for (const { from, to, shown } of lane) {
    // As in Grafana: a state that began before the time range starts left of the chart.
    const left = plot.valToPos(from, "x", true);
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, "x", true));
    ctx.fillStyle = faded(shown.colour, style.opacity);
    ctx.fillRect(left, top, Math.max(1, right - left), bottom - top);
    const width = ctx.measureText(shown.text).width;
    if (!style.withText || right - left < width + 12 * uPlot.pxRatio || bottom - top < 12) continue;
    ctx.fillStyle = style.opacity > 0.5 ? readableOn(shown.colour) : TEXT_COLOUR;
    ctx.textAlign = style.align;
    const x = style.align === "center" ? (left + right) / 2 : left + 2 * uPlot.pxRatio;
    ctx.fillText(shown.text, x, (top + bottom) / 2);
  }
  ctx.restore();
}
