import { isDeepStrictEqual } from "node:util";
import { isEmpty } from "./check.ts";
import type { Properties, DiffRule, ResourceStandIn } from "./standIn.ts";

/** One input that differs from the state. */
export interface PropertyChange {
  property: string;
  kind: "add" | "delete" | "update";
  /** Whether this change replaces the resource. */
  replace: boolean;
}

/** What an `up` with these inputs would change in a resource with this state. */
export function diff(
  { rules }: ResourceStandIn,
  state: Properties,
  inputs: Properties,
): PropertyChange[] {
  return Object.entries(rules)
    .filter(([property, rule]) => differs(rule, state[property], inputs[property]))
    .map(([property, rule]) => ({
      property,
      kind: kind(state[property], inputs[property]),
      replace:
        rule.change === "replace" || rule.replaces?.(state[property], inputs[property]) === true,
    }));
}

function differs(rule: DiffRule, state: unknown, input: unknown): boolean {
  if (input === undefined && rule.computed === true) return false;
  const wanted =
    rule.normalize === undefined || input === undefined ? input : rule.normalize(input);
  return !isDeepStrictEqual(canonical(state, rule), canonical(wanted, rule));
}

/** The value without empty parts, and sorted where order has no meaning. */
function canonical(value: unknown, rule: DiffRule): unknown {
  if (isEmpty(value)) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item, rule));
    return rule.unordered === true ? items.sort(byText) : items;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, canonical(inner, rule)] as const)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function kind(state: unknown, input: unknown): PropertyChange["kind"] {
  if (isAbsent(state)) return "add";
  return isAbsent(input) ? "delete" : "update";
}

/** Whether a value is missing, or is an empty object or list. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && isEmpty(value));
}
