import type { AnsweredSeries, PanelAnswer, QueryAnswer, Span, JsonNumber } from "./answers.ts";
import { bucketsOf } from "./heatmap.ts";
import { interpolate } from "./interpolation.ts";
import type { Panel, QueryTarget } from "./dashboardModel.ts";
import {
  type DataSource,
  parseDuration,
  queryInstant,
  queryRange,
  type Range,
  reason,
  scrapeInterval,
  type RangeSeries,
} from "./prometheus.ts";
import { stepFor } from "./time.ts";

/** Prometheus rejects queries with more values per series than this. */
export const MOST_POINTS = 11_000;

/**
 * Runs a panel's queries as Grafana does: over the time range, with a step that suits the panel's
 * width, or only at the end of the time range.
 */
export async function answerPanel(
  panel: Panel,
  args: {
    dataSource: DataSource | undefined;
    time: Span;
    /** Pixels. */
    width: number;
    variables: Record<string, string>;
  },
): Promise<PanelAnswer> {
  const targets = (panel.targets ?? []).filter(({ hide }) => hide !== true);
  return {
    queries: await Promise.all(targets.map((target) => answerTarget(target, panel, args))),
  };
}

async function answerTarget(
  target: QueryTarget,
  panel: Panel,
  { dataSource, time, width, variables }: Parameters<typeof answerPanel>[1],
): Promise<QueryAnswer> {
  const answer: QueryAnswer = {
    refId: target.refId,
    expr: target.expr ?? "",
    format: target.format ?? "time_series",
    times: [],
    series: [],
  };
  if (!dataSource) return { ...answer, error: "There is no data source." };

  const { expr, range } = targetQuery(target, panel, { dataSource, time, width, variables });
  Object.assign(answer, { expr, times: range ? timesOf(range) : [time.to] });
  try {
    const found = range
      ? await queryRange(dataSource, expr, range)
      : await queryInstant(dataSource, expr, time.to);
    return answer.format === "heatmap"
      ? { ...answer, buckets: bucketsOf(found, answer.times) }
      : { ...answer, series: found.map((one) => answered(one, answer.times, target)) };
  } catch (error) {
    return { ...answer, error: reason(error) };
  }
}

/** A panel's query as Grafana sends it; without `range`, it is for the end of the time range. */
export function targetQuery(
  target: QueryTarget,
  panel: Panel,
  args: {
    dataSource: DataSource;
    time: Span;
    /** Pixels. */
    width: number;
    variables: Record<string, string>;
  },
): { expr: string; range: Range | undefined } {
  const { dataSource, time, width, variables } = args;
  const scrapes = parseDuration(target.interval) ?? scrapeInterval(dataSource);
  const span = time.to - time.from;
  const shortest = Math.max(
    parseDuration(target.interval) ?? parseDuration(panel.interval) ?? scrapes,
    Math.ceil(span / MOST_POINTS),
  );
  const step = stepFor(span, panel.maxDataPoints ?? width, shortest);
  const expr = interpolate(target.expr ?? "", {
    ...{ step, variables, range: span },
    scrapeInterval: scrapes,
  });
  const isInstant = target.instant === true && target.range !== true;
  return { expr, range: isInstant ? undefined : alignedRange(time, step) };
}

/** Aligned to whole steps, so that each refresh queries the same moments. */
export function alignedRange({ from, to }: Span, step: number): Range {
  return { start: Math.floor(from / step) * step, end: Math.floor(to / step) * step, step };
}

function timesOf({ start, end, step }: Range): number[] {
  const count = Math.floor((end - start) / step + 1e-6) + 1;
  return Array.from({ length: count }, (_, index) => milli(start + index * step));
}

function answered(
  series: RangeSeries,
  times: number[],
  { legendFormat }: QueryTarget,
): AnsweredSeries {
  const values = new Map(series.values.map(([time, value]) => [milli(time), valueOf(value)]));
  return {
    name: seriesName(legendFormat ?? "", series.metric),
    labels: series.metric,
    values:
      times.length === 1 ? [...values.values()] : times.map((time) => values.get(time) ?? null),
  };
}

/** Prometheus returns whole milliseconds, but sums of fractions of seconds have rounding errors. */
function milli(time: number): number {
  return Math.round(time * 1000) / 1000;
}

function valueOf(text: string): JsonNumber {
  if (text === "NaN") return "NaN";
  if (text === "+Inf") return "Infinity";
  if (text === "-Inf") return "-Infinity";
  return Number(text);
}

/** The name of a series in a legend: the format with the labels filled in, or all its labels. */
export function seriesName(legendFormat: string, labels: Record<string, string>): string {
  if (legendFormat && legendFormat !== "__auto") return fillInLabels(legendFormat, labels);
  const { __name__: name = "", ...rest } = labels;
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return pairs.length > 0 || !name ? `${name}{${pairs.join(", ")}}` : name;
}

/** Replaces `{{label}}` with the label's value, or with nothing if there is no such label. */
export function fillInLabels(format: string, labels: Record<string, string>): string {
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}
