import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import type { z } from "zod";
import type { Properties, ResourceStandIn } from "./standIn.ts";

/** A rejected input: its path and the reason. */
export interface RefusedInput {
  property: string;
  reason: string;
}

/**
 * Checks the inputs of a resource and adds the defaults. In a preview, values that are not known yet
 * are accepted; the deployment checks them once they are known.
 */
export function check(
  { inputs: schema }: ResourceStandIn,
  given: Properties,
): { inputs: Properties; failures: RefusedInput[] } {
  const parsed = schema.safeParse(given);
  if (parsed.success) {
    return { inputs: withDefaults(given, parsed.data) as Properties, failures: [] };
  }
  const issues = parsed.error.issues.filter(({ path }) => valueAt(given, path) !== unknownValue);
  return { inputs: given, failures: issues.map(failure) };
}

/** Whether a value is empty: the host treats an empty value as omitted. */
export function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

/** The given inputs, with the defaults that are not empty. */
function withDefaults(given: unknown, complete: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(complete)) {
    return given.map((item, index) => withDefaults(item, complete[index]));
  }
  if (!isObject(given) || !isObject(complete)) return given;
  return Object.fromEntries(
    Object.entries(complete)
      .filter(([key, value]) => key in given || !isEmpty(value))
      .map(([key, value]) => [key, key in given ? withDefaults(given[key], value) : value]),
  );
}

function failure(issue: z.core.$ZodIssue): RefusedInput {
  const path = issue.path.map(String);
  if (issue.code !== "unrecognized_keys") {
    return { property: path.join("."), reason: issue.message };
  }
  const names = issue.keys.map((key) => [...path, key].join("."));
  return {
    property: names[0] ?? "",
    reason: `the offline kit's stand-in knows no input ${names.join(", ")}`,
  };
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
