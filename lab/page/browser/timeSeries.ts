import uPlot from "uplot";
import { axisTexts } from "../data/axis.ts";
import { colourOf, faded, seriesColour } from "../data/colours.ts";
import { configOf, displayIn } from "../data/display.ts";
import { alignedSeries, type PanelSeries, seriesOf, stacked } from "../data/series.ts";
import type { FieldConfig, Panel } from "../dashboardModel.ts";
import { chart, common, line, moment, timeAxis, valueAxis } from "./chart.ts";
import { element, swatch } from "./dom.ts";
import { drillDown } from "./drillDown.ts";
import { type Entry, legend, shortenNames } from "./legend.ts";
import { type Draw, nothing } from "./drawing.ts";
import { tooltip } from "./tooltip.ts";

/** Lines over time. */
export const drawTimeSeries: Draw = (body, panel, answer, context) => {
  const series = seriesOf(panel, answer);
  if (series.length === 0) return nothing(panel);

  const { defaults = {} } = panel.fieldConfig ?? {};
  const all = series.map((one, index) => lineOf(one, index, panel));
  const { alone } = context.kept;
  const isThere = all.some(({ name }) => name === alone);
  const lines = all.filter(({ name }) => !isThere || name === alone);
  const { times, values } = alignedSeries(lines.map(({ series: one }) => one));
  const isStacked = (defaults.custom?.stacking as { mode?: string } | undefined)?.mode === "normal";
  const shared = common(context);
  const [link] = defaults.links ?? [];

  const place = element("div", { class: "chart" });
  const key = legend(all, panel.options?.legend ?? {}, {
    alone: isThere ? alone : undefined,
    choose(name) {
      context.kept.alone = name;
      context.redraw();
    },
  });
  body.append(place, ...(key ? [key] : []));
  body.classList.toggle("beside", key?.classList.contains("right") === true);
  if (key) shortenNames(key);

  const plot = chart(
    place,
    {
      ...shared,
      scales: { ...shared.scales, y: scaleOf(defaults) },
      axes: [timeAxis(context), yAxis(configOf(panel, lines[0]?.series.name ?? ""))],
      series: [{}, ...lines.map(({ style }) => style)],
      ...(isStacked && {
        // Each area ends at the line below it.
        bands: lines
          .slice(1)
          .map((_, index) => ({ series: [index + 2, index + 1] as uPlot.Band.Bounds })),
      }),
      hooks: { ...shared.hooks, draw: [...shared.hooks.draw, thresholdLines(defaults)] },
      plugins: [
        tooltip((_, index) => {
          const rows = lines
            .map((entry, at) => ({ ...entry, value: values[at]?.[index] ?? null }))
            .filter(({ value }) => value !== null);
          if (panel.options?.tooltip?.sort === "desc") {
            rows.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
          }
          return [
            element("b", {}, moment(times[index] ?? 0)),
            ...rows
              .slice(0, MOST_ROWS)
              .map((entry) =>
                element(
                  "div",
                  {},
                  element("span", {}, swatch(entry.colour), entry.name),
                  element("strong", {}, entry.display(entry.value).text),
                ),
              ),
            ...(rows.length > MOST_ROWS ? [`and ${rows.length - MOST_ROWS} more`] : []),
            ...(link ? [element("em", {}, `A click leads to: ${link.title}`)] : []),
          ];
        }),
        ...(link
          ? [
              drillDown(
                link,
                context,
                lines.map(({ series: { labels } }) => labels),
              ),
            ]
          : []),
      ],
    },
    [times, ...(isStacked ? stacked(values) : values)],
  );
  return {
    destroy() {
      plot.destroy();
    },
  };
};

/** The maximum number of lines in a tooltip. */
const MOST_ROWS = 20;

/** A line with its place in the legend. */
interface PlottedLine extends Entry {
  series: PanelSeries;
  style: uPlot.Series;
}

function lineOf(series: PanelSeries, index: number, panel: Panel): PlottedLine {
  const config = configOf(panel, series.name);
  const { custom = {}, color } = config;
  const colour = color?.fixedColor ? colourOf(color.fixedColor) : seriesColour(index);
  const opacity = Number(custom.fillOpacity ?? 0) / 100;
  return {
    ...{ name: config.displayName ?? series.name, colour, series, values: series.values },
    display: displayIn(config),
    style: {
      label: series.name,
      stroke: colour,
      width: Number(custom.lineWidth ?? 1),
      spanGaps: custom.spanNulls === true,
      ...(opacity > 0 && { fill: faded(colour, opacity) }),
      points: {
        size: Number(custom.pointSize ?? 5),
        fill: colour,
        ...(custom.showPoints === "never" && { show: false }),
        // A value between two gaps has no line: it is visible only as a point.
        filter: (plot, at, show) => (show ? null : lonely(plot.data[at] ?? [])),
      },
    },
  };
}

function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (index: number) => typeof values[index] === "number";
  return Array.from(values, (_, index) => index).filter(
    (index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1),
  );
}

function scaleOf({ min, max, custom = {} }: FieldConfig): uPlot.Scale {
  const distribution = custom.scaleDistribution as { type?: string; log?: number } | undefined;
  if (distribution?.type === "log") {
    const log = distribution.log === 2 ? 2 : 10;
    return {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum is in the types only
      distr: 3,
      log,
      // The range is from power to power, as in Grafana. Without a value above 0 there is no range.
      range: (_, low, high) => (low > 0 ? uPlot.rangeLog(low, high, log, true) : [1, log]),
    };
  }
  const { axisSoftMin: softMin, axisSoftMax: softMax } = custom as Record<
    string,
    number | undefined
  >;
  return {
    // As in Grafana's UPlotScaleBuilder: a chart of only zeros reaches up to 100.
    range: (_, low, high) => {
      const [bottom, top] = uPlot.rangeNum(min ?? low, max ?? high, {
        min: { pad: 0.1, soft: softMin ?? 0, mode: softMin === undefined ? 3 : 1 },
        max: { pad: 0.1, soft: softMax ?? 0, mode: softMax === undefined ? 3 : 1 },
      });
      const [lower, upper] = [min ?? bottom ?? 0, max ?? top ?? 0];
      return lower < upper ? [lower, upper] : [0, 100];
    },
  };
}

function yAxis(config: FieldConfig): uPlot.Axis {
  const increments = INCREMENTS[config.unit ?? ""];
  return valueAxis({
    texts: (places) => axisTexts(places, config),
    ...(increments && { increments }),
  });
}

/** Round steps of an axis, for units whose round steps are not powers of ten. */
const INCREMENTS: Record<string, uPlot.Axis.Incrs> = {
  bytes: Array.from({ length: 50 }, (_, power) => 2 ** power),
  // Above a minute, these steps avoid texts such as 1.33 mins.
  s: (_, __, ___, most) => (most > 60 ? MINUTES : [...BELOW_A_MINUTE, ...MINUTES]),
  dtdurations: (_, __, ___, most) => (most > 60 ? MINUTES : [...BELOW_A_MINUTE, ...MINUTES]),
};

const MINUTES = [30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200].concat(
  [1, 2, 5, 10, 20, 50, 100].map((days) => days * 86_400),
);

const BELOW_A_MINUTE = [-9, -8, -7, -6, -5, -4, -3, -2, -1, 0, 1].flatMap((power) =>
  [1, 2, 5].map((digit) => Number(`${digit}e${power}`)).filter((step) => step < 30),
);

/** A dashed line at each threshold, if the panel enables them. */
function thresholdLines({ thresholds, custom = {} }: FieldConfig): (plot: uPlot) => void {
  const style = custom.thresholdsStyle as { mode?: string } | undefined;
  const steps = style?.mode?.includes("dashed") ? (thresholds?.steps ?? []) : [];
  return (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([10 * uPlot.pxRatio, 10 * uPlot.pxRatio]);
    for (const { value, color } of steps) {
      const { min, max } = plot.scales.y ?? {};
      if (value === null || value < (min ?? 0) || value > (max ?? 0)) continue;
      const y = Math.round(plot.valToPos(value, "y", true));
      ctx.strokeStyle = colourOf(color);
      line(ctx, [bbox.left, y], [bbox.left + bbox.width, y]);
    }
    ctx.restore();
  };
}
