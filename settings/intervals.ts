import { milliseconds } from "../common/duration.ts";
import type { Settings } from "./stackSchema.ts";

/** The scrape intervals of the servers, by their key. */
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

/** The shortest of them, in seconds. */
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
