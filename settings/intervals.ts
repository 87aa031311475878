import { milliseconds } from "../common/duration.ts";
import type { Settings } from "./stackSchema.ts";

/** The intervals at which servers are scraped, by their key. */
export function scrapeIntervals({
  scrapeInterval,
  targets,
}: Pick<Settings, "scrapeInterval" | "targets">): [PropertyKey[], string][] {
  return [
    [["scrapeInterval"], scrapeInterval],
    ...targets.flatMap(({ scrapeInterval }, index): [PropertyKey[], string][] =>
      scrapeInterval === undefined ? [] : [[["targets", index, "scrapeInterval"], scrapeInterval]],
    ),
  ];
}

/** Seconds of the shortest of them. */
export function shortestInterval(settings: Pick<Settings, "scrapeInterval" | "targets">): number {
  return Math.min(...intervalsInSeconds(settings));
}

/** The longest of them, as the user wrote it. */
export function longestInterval(settings: Pick<Settings, "scrapeInterval" | "targets">): string {
  return scrapeIntervals(settings)
    .map(([, interval]) => interval)
    .reduce((longest, one) => (milliseconds(one) > milliseconds(longest) ? one : longest));
}

function intervalsInSeconds(settings: Pick<Settings, "scrapeInterval" | "targets">): number[] {
  return scrapeIntervals(settings).map(([, interval]) => milliseconds(interval) / 1000);
}
