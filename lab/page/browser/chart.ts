/**
 * What all charts over time share: axes, the crosshair, marks, and the selection of a time range.
 */
import uPlot from "uplot";
import { colourOf, GRID, TEXT_COLOUR } from "../data/colours.ts";
import type { PanelContext } from "./drawing.ts";

/** Draws a chart from its options and data. It fills its container. */
export function chart(
  place: HTMLElement,
  options: Omit<uPlot.Options, "width" | "height">,
  data: uPlot.AlignedData,
): uPlot {
  const size = { width: place.clientWidth, height: place.clientHeight };
  return new uPlot({ ...options, ...size }, data, place);
}

/** The options that every chart has. */
export function common(context: PanelContext) {
  const { from, to } = context.answer.time;
  return {
    legend: { show: false },
    padding: [12, 12, 0, 0] as uPlot.Padding,
    cursor: {
      // One crosshair for all charts of the dashboard.
      sync: { key: context.answer.dashboard.uid },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: { x: { range: (): [number, number] => [from, to] } },
    hooks: {
      setSelect: [
        (plot: uPlot) => {
          chooseSpan(plot, context);
        },
      ],
      draw: [
        (plot: uPlot) => {
          drawMarks(plot, context);
        },
      ],
    },
  };
}

const FONT = "12px system-ui, sans-serif";

const AXIS = {
  font: FONT,
  stroke: TEXT_COLOUR,
  grid: { stroke: GRID, width: 1 },
  ticks: { stroke: GRID, width: 1, size: 4 },
};

/** The time axis, in the reader's time zone and with a 24-hour clock. */
export function timeAxis(context: PanelContext): uPlot.Axis {
  const { from, to } = context.answer.time;
  return {
    ...AXIS,
    size: 28,
    space: 70,
    values: (_, splits, __, ___, increment) =>
      splits.map((time) => timeText(time, increment, to - from)),
  };
}

/** An axis whose ticks have texts. */
export function valueAxis(options: {
  /** On a logarithmic axis, a tick without room for a text is null. */
  texts: (ticks: (number | null)[]) => string[];
  splits?: number[];
  increments?: uPlot.Axis.Incrs;
  lines?: boolean;
}): uPlot.Axis {
  const { texts, splits, increments, lines = true } = options;
  return {
    ...AXIS,
    grid: { ...AXIS.grid, show: lines },
    ticks: { ...AXIS.ticks, show: lines },
    ...(splits && { splits }),
    ...(increments && { incrs: increments }),
    space: 30,
    gap: 5,
    values: (_, ticks) => texts(ticks),
    size: (plot, shown) => widthOf(plot, shown) + 14,
  };
}

/** The width in pixels of the longest of these texts, at most a third of the chart. */
function widthOf(plot: uPlot, texts: string[] | null): number {
  const longest = [...(texts ?? [])].sort((a, b) => b.length - a.length)[0] ?? "";
  plot.ctx.font = FONT.replace("12px", `${12 * uPlot.pxRatio}px`);
  return Math.min(plot.width / 3, plot.ctx.measureText(longest).width / uPlot.pxRatio);
}

function timeText(time: number, increment: number, span: number): string {
  const date = new Date(time * 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  if (increment >= 86_400) return day;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (increment < 60) return `${clock}:${two(date.getSeconds())}`;
  return span > 86_400 ? `${day} ${clock}` : clock;
}

function chooseSpan(plot: uPlot, { address, update }: PanelContext): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const times = [left, left + width].map((place) => Math.round(plot.posToVal(place, "x") * 1000));
  address.change({ from: [String(times[0])], to: [String(times[1])] });
  void update();
}

/** A dashed line with a small triangle at each moment that the dashboard marks. */
function drawMarks(plot: uPlot, { answer }: PanelContext): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  for (const { time, colour } of answer.annotations) {
    const x = Math.round(plot.valToPos(time, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const bottom = bbox.top + bbox.height;
    ctx.strokeStyle = ctx.fillStyle = colourOf(colour);
    ctx.globalAlpha = 0.6;
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    line(ctx, [x, bbox.top], [x, bottom]);
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x, bottom - 2 * ratio);
    ctx.lineTo(x - 4 * ratio, bottom + 5 * ratio);
    ctx.lineTo(x + 4 * ratio, bottom + 5 * ratio);
    ctx.fill();
  }
  ctx.restore();
}

type Point = [x: number, y: number];

export function line(ctx: CanvasRenderingContext2D, from: Point, to: Point): void {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

/** The moment as shown in a tooltip. */
export function moment(time: number): string {
  const date = new Date(time * 1000);
  return `${date.toLocaleDateString("en-CA")} ${date.toLocaleTimeString("en-GB")}`;
}
