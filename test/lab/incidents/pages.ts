/** Helpers with which tests read the metrics pages of a recording. */
import assert from "node:assert/strict";
import type { Incident } from "../../../lab/incidents/timeline.ts";
import { type Family, parseExposition, type Sample } from "../../../vllm/exposition.ts";

export function lastPage({ scrapes }: Incident): Family[] {
  return parseExposition(scrapes.at(-1)?.page ?? "");
}

/** The pages that were scraped in this time range. */
export function answeredBetween({ scrapes }: Incident, from: number, to: number): Family[][] {
  return scrapes
    .filter(({ at, page }) => at >= from && at <= to && page !== undefined)
    .map(({ page }) => parseExposition(page ?? ""));
}

export function eventAt({ events }: Incident, what: Incident["events"][number]["what"]): number {
  const event = events.find((one) => one.what === what);
  assert.ok(event, `There is no event "${what}".`);
  return event.at;
}

export function modelOf({ labels }: Sample): string | undefined {
  return labels.model_name;
}

export function samplesOf(page: readonly Family[], name: string) {
  return page.flatMap(({ samples }) => samples.filter((sample) => sample.name === name));
}

/** The sum of the series of this name with these labels. */
export function sumOf(
  page: readonly Family[],
  name: string,
  labels: Record<string, string> = {},
): number {
  return samplesOf(page, name)
    .filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

/** How many observations a histogram has. */
export function countOf(page: readonly Family[], name: string): number {
  return sumOf(page, `${name}_count`);
}

/** A family's values, in order. */
export function valuesOf(page: readonly Family[], name: string): string {
  return page
    .filter((family) => family.name === name)
    .flatMap(({ samples }) => samples.map(({ value }) => value))
    .join(" ");
}
