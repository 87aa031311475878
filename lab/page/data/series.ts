import type { PanelAnswer, JsonNumber } from "../answers.ts";
import type { Panel } from "../dashboardModel.ts";

/** A line of a panel: a series with its name, over the times of its query. */
export interface PanelSeries {
  name: string;
  labels: Record<string, string>;
  /** Seconds since 1970. */
  times: number[];
  /** One value for each time; null if there is none. */
  values: (number | null)[];
}

/**
 * All series of a panel's answer, in the order of its queries, with the names that its
 * transformations give them.
 *
 * @throws Error for an unknown transformation.
 */
export function seriesOf({ transformations = [] }: Panel, { queries }: PanelAnswer): PanelSeries[] {
  const rename = (given: string) =>
    transformations.reduce((name, { id, options }) => {
      if (id !== "renameByRegex") {
        throw new Error(`The transformation "${id}" of series is not known to this page.`);
      }
      const { regex, renamePattern } = options as { regex: string; renamePattern: string };
      return name.replace(regExpOf(regex), renamePattern);
    }, given);
  return queries.flatMap(({ times, series }) =>
    series.map(({ name, labels, values }) => ({
      ...{ name: rename(name), labels, times },
      values: values.map(numberOf),
    })),
  );
}

/** In Grafana, a text between slashes matches a part of a name; any other text matches a whole name. */
export function regExpOf(text: string): RegExp {
  const [, pattern = `^${text}$`] = /^\/([^]*)\/$/.exec(text) ?? [];
  return new RegExp(pattern);
}

export function numberOf(value: JsonNumber): number | null {
  return value === null ? null : Number(value);
}

/**
 * All series over the union of their times, in ascending order, as a chart needs them. A value that
 * is not a finite number cannot be drawn and becomes a gap.
 */
export function alignedSeries(series: PanelSeries[]): {
  times: number[];
  values: (number | null)[][];
} {
  const times = [...new Set(series.flatMap((one) => one.times))].sort((a, b) => a - b);
  const values = series.map((one) => {
    const known = new Map(one.times.map((time, index) => [time, one.values[index]]));
    return times.map((time) => {
      const value = known.get(time);
      return value !== undefined && Number.isFinite(value) ? (value ?? null) : null;
    });
  });
  return { times, values };
}

/** Stacks each series on those before it. A gap adds nothing to the stack and stays a gap. */
export function stacked(values: (number | null)[][]): (number | null)[][] {
  const heights: number[] = [];
  return values.map((one) =>
    one.map((value, index) => {
      if (value === null) return null;
      heights[index] = (heights[index] ?? 0) + value;
      return heights[index];
    }),
  );
}
