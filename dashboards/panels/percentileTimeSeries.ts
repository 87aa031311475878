/** Percentiles over time, in panels that say how far they can be trusted. */
import type { Levels } from "../dashboardOptions.ts";
import { bucketLimits } from "./mappings.ts";
import { colours, type SizedPanel } from "./panel.ts";
import { PERCENTILE_COLOURS } from "./seriesColours.ts";
import { timeSeriesPanel, type TimeSeriesArgs } from "./timeSeries.ts";

/**
 * Percentiles of a latency. On the logarithmic axis, the median stays readable beside a spike a
 * hundred times as long. Grey dashed lines mark the ends of the first and the last bucket; other
 * dashed lines mark where the latency becomes worth a look.
 */
export function percentileTimeSeriesPanel(
  args: TimeSeriesArgs & {
    /** The ends of the latency's buckets, in seconds. */
    buckets: readonly number[];
    levels?: Levels;
  },
): SizedPanel {
  const { buckets, levels } = args;
  const [first = 0, last = first] = [buckets[0], buckets.at(-1)];
  const limits: [number, string][] = [
    [first, GREY],
    ...(levels && levels.warning > first
      ? ([
          [levels.warning, "orange"],
          [levels.critical, "red"],
        ] satisfies [number, string][])
      : []),
    [last, GREY],
  ];
  return timeSeriesPanel({
    ...args,
    logarithmic: true,
    colours: namedIn(args, PERCENTILE_COLOURS),
    mappings: bucketLimits(buckets, "s"),
    question: [args.question, bucketLimited(first, last), omittedPercentiles(args)].join(" "),
    steps: colours([[null, "transparent"], ...limits.sort(([a], [b]) => a - b)]),
  });
}

/** How many samples a percentile needs so that it is not just the largest of them. */
export function samplesFor(share: number): number {
  // In binary floating point, 1 - 0.99 is not exactly 0.01.
  return Math.ceil(Number((1 / (1 - share)).toPrecision(6)));
}

/** A sentence that says how many samples each percentile of a panel needs to be drawn. */
export function omittedPercentiles({ queries }: Pick<TimeSeriesArgs, "queries">): string {
  const shares = [...new Set(queries.flatMap(({ share = [] }) => share))];
  const needs = shares.map((share, index) => {
    const [needs, samples] = index === 0 ? [" needs", " samples"] : ["", ""];
    return `P${Math.round(share * 100)}${needs} ${samplesFor(share)}${samples}`;
  });
  return `${needs.join(", ")} in the five minutes before a point; with fewer it is not drawn.`;
}

function bucketLimited(first: number, last: number): string {
  return `A percentile drawn as a dashed grey line lies outside the limits of the buckets: at ${first} s the true value is lower, at ${last} s it is higher. The mean is exact.`;
}

function namedIn({ queries }: TimeSeriesArgs, colours: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    queries.flatMap(({ legend }) => {
      const colour = colours[legend];
      return colour === undefined ? [] : [[legend, colour]];
    }),
  );
}

const GREY = "#8e8e8e";
