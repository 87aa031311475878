import { readFileSync } from "node:fs";
import type { Properties } from "../../../../lab/kit/plugins/standIn.ts";

/** One resource in the recorded state. */
export interface RecordedResource {
  type: string;
  urn: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** One request of the real Grafana provider, and the real Grafana's answer. */
export interface RecordedRequest {
  method: string;
  path: string;
  request: unknown;
  status: number;
  response: unknown;
}

/** What the real providers left in the state after an `up`. */
export const recordedState = JSON.parse(fixture("state-after-up.json")) as RecordedResource[];

/** A resource of the recorded state by the name that the program gave it. */
export function recordedResource(name: string): RecordedResource {
  const found = recordedState.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`no recorded resource is called ${name}`);
  return found;
}

/** Without the secrets: the recording only shows that they existed. */
export function withoutBlanked(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== "<secret>"));
}

/** Without the internal notes that the bridge of the real plugins adds, at any depth. */
export function withoutNotes(properties: Properties): Properties {
  const json = JSON.stringify(properties, (key, value: unknown) =>
    key.startsWith("__") ? undefined : value,
  );
  return JSON.parse(json) as Properties;
}

/** The recorded requests whose path starts with `path`, in order. */
export function recordedRequests(path: string): RecordedRequest[] {
  return fixture("grafana-api.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedRequest)
    .filter((request) => request.path.startsWith(path));
}

/**
 * The shape of a value: the names of properties and the types of values. A list has the shape of its
 * first element. Empty lists and objects have no further shape.
 */
export function shape(properties: Properties): unknown {
  return shapeOf(withoutNotes(properties));
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../../fixtures/real-providers/${name}`, import.meta.url), "utf8");
}
