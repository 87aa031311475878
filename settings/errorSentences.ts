import type { z } from "zod";
import { NOT_SHOWN, type Fault } from "../common/schemaParts.ts";

/**
 * One sentence per fault: the part of the key that the user wrote, the value, what is allowed, what to do.
 */
export function sentences(
  issue: z.core.$ZodIssue | Fault,
  config: Record<string, unknown>,
): string[] {
  if ("code" in issue && issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey(key, issue.path, config));
  }
  const key = keyOf(issue.path, config);
  if (issue.input === undefined) return [`${key} ${issue.message}`];
  return [`${key}: ${shown(issue.path, issue.input)} ${issue.message}`];
}

function unknownKey(key: string, path: PropertyKey[], config: Record<string, unknown>): string {
  if (key === "secure") {
    return `${keyOf(path, config)} is encrypted as a whole: encrypt single values in it, such as alerting.receivers[0].webhook.url.`;
  }
  // A value that was put in the place of a key may be a secret.
  if (!/^[\w.-]{1,64}$/.test(key)) {
    return `${keyOf(path, config)} has a key ${NOT_SHOWN} that is not a known setting: remove it or correct its name (Pulumi.yaml lists all settings).`;
  }
  return `${keyOf([...path, key], config)} is not a known setting: remove it or correct its name (Pulumi.yaml lists all settings).`;
}

/**
 * The key in Pulumi's notation, without the namespace, cut off where the user's settings have no such key.
 */
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

/** A value as the user wrote it, without any part that may be a secret. */
function shown(path: readonly PropertyKey[], value: unknown): string {
  if (typeof value === "number") return String(value);
  if (isPrivate(path, value)) return NOT_SHOWN;
  return JSON.stringify(value).replace(/\/\/[^/@\s"]*@/g, `//${NOT_SHOWN}@`);
}

/**
 * Whether a value is or may contain a secret: of an alert receiver, of a remote-write receiver, or the
 * canary's API key. A text in the place of a group or a list may be a group or list with secrets, in a form
 * that could not be read.
 */
function isPrivate(path: readonly PropertyKey[], value: unknown): boolean {
  const [root, second, third, fourth] = path;
  const isGroup = typeof value === "object" && value !== null;
  if (root === "alerting") {
    if (isGroup || path.length < 2) return true;
    if (second === "receivers") return fourth !== "name" || path.length > 4;
    return (second === "routes" || second === "muteTimes") && path.length < 4;
  }
  if (root === "prometheus") {
    if (path.length < 2) return /remoteWrite|password|bearerToken/.test(JSON.stringify(value));
    return second === "remoteWrite" && !["name", "url", "metrics"].includes(String(fourth));
  }
  if (root !== "targets") return false;
  if (third === "canary") return fourth === undefined || fourth === "apiKey";
  if (["basicAuth", "bearerToken", "headers", "tls"].includes(String(third))) return true;
  // Also in text that should have been JSON and was split at its commas.
  return /apiKey|password|bearerToken|\\?"(canary|key)\\?"/.test(JSON.stringify(value));
}
