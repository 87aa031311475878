import type { z } from "zod";
import { NOT_SHOWN } from "../common/schemaParts.ts";

/** One sentence per fault: the key as far as the user wrote it, the value, what is allowed, what to do. */
export function sentences(issue: z.core.$ZodIssue, config: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) =>
        `${keyOf([...issue.path, key], config)} is not a known setting: remove it or correct its name (Pulumi.yaml lists all settings).`,
    );
  }
  const key = keyOf(issue.path, config);
  if (issue.input === undefined) return [`${key} ${issue.message}`];
  const value = isPrivate(issue.path) ? NOT_SHOWN : JSON.stringify(issue.input);
  return [`${key}: ${value} ${issue.message}`];
}

/** The key in Pulumi's notation, without the namespace, cut where the user's text has no such key. */
function keyOf(path: PropertyKey[], config: Record<string, unknown>): string {
  let place: unknown = config;
  let key = "";
  for (const [index, part] of path.entries()) {
    const known = typeof place === "object" && place !== null && part in place;
    if (!known && (Array.isArray(place) || typeof place === "string")) break;
    key += typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`;
    place = known ? (place as Record<PropertyKey, unknown>)[part] : undefined;
  }
  return key;
}

/** Whether a value is, or may hold, a secret: of a receiver of alerts, or the canary's API key. */
function isPrivate([root, second, third, fourth]: readonly PropertyKey[]): boolean {
  if (root === "alerting") return second === "receivers" && fourth !== "name";
  return root === "targets" && third === "canary" && (fourth === undefined || fourth === "apiKey");
}
