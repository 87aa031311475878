/** Helpers with which the simulator's tests read metrics pages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createFleet, type Fleet } from "../../../lab/simulator/fleet.ts";
import type { FakeServerOptions } from "../../../lab/simulator/scenarios.ts";
import { parseExposition, type Family, type Sample } from "../../../vllm/exposition.ts";

/** A page of a real vLLM 0.32.0 that served the model `tiny-llama`. */
export function recordedPage(name: string): Family[] {
  const file = new URL(`../../fixtures/vllm/vllm-0.32.0-${name}.txt`, import.meta.url);
  return parseExposition(readFileSync(file, "utf8"));
}

/** A fleet of one server `a`. */
export function fleetOf(options: Omit<FakeServerOptions, "name" | "model">, seed = 1): Fleet {
  return createFleet({ seed, servers: [{ name: "a", model: "m", ...options }] });
}

/** The families that a live server exposes now. */
export function fleetPage(fleet: Fleet, name = "a"): Family[] {
  const text = fleet.exposition(name);
  assert.ok(text !== undefined, `${name} is dead`);
  return parseExposition(text);
}

/** All samples of a page by their name and labels. */
export function sampleValues(families: readonly Family[]): Map<string, number> {
  return new Map(
    families.flatMap(({ samples }) => samples.map((one) => [seriesKey(one), one.value] as const)),
  );
}

/** The sum of all samples with this name and these labels; undefined if there are none. */
export function sampleTotal(
  families: readonly Family[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = byName(families)
    .get(name)
    ?.filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  return found === undefined || found.length === 0
    ? undefined
    : found.reduce((sum, { value }) => sum + value, 0);
}

export function seriesKey({ name, labels }: Sample): string {
  return `${name}${JSON.stringify(labels)}`;
}

/** The samples of a page by name, computed once, since tests read many of them. */
function byName(families: readonly Family[]): Map<string, Sample[]> {
  const known = indexes.get(families);
  if (known) return known;
  const index = Map.groupBy(
    families.flatMap(({ samples }) => samples),
    ({ name }) => name,
  );
  indexes.set(families, index);
  return index;
}

const indexes = new WeakMap<readonly Family[], Map<string, Sample[]>>();
