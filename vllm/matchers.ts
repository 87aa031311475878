/** Label matchers, typed by the labels of a metric. */
import type { LabelValue, Labels } from "./metric.ts";

/** The labels that every series gets from its target. */
export type TargetLabel = "job" | "instance";

/** A label that a query may name for a metric: its own, or its target's. */
export type LabelOf<L extends Labels> = (keyof L & string) | TargetLabel;

/** A regular expression, or the opposite of a value. */
export interface Matcher<V extends string = string> {
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
  /** Exists only in types: the values from which the matcher was made. */
  readonly of?: V;
}

/** One value, any of some values, or a matcher. */
export type Match<V extends string = string> = V | readonly V[] | Matcher<V>;

/** A query's conditions on a metric's labels. */
export type Matchers<L extends Labels> = {
  readonly [K in keyof L]?: Match<LabelValue<L[K]>>;
} & Readonly<Partial<Record<TargetLabel, Match>>>;

/** A regular expression, or a variable of a dashboard: `matches("$model_name")`. */
export function matches(pattern: string): Matcher<never> {
  return { operator: "=~", value: pattern };
}

/** Everything except one or more values. */
export function not<const V extends string>(values: V | readonly V[]): Matcher<V> {
  return typeof values === "string"
    ? { operator: "!=", value: values }
    : { operator: "!~", value: alternatives(values) };
}

/** The text of matchers by label, in their order: `reason="capacity",engine!=""`. */
export function formatMatchers(matchers: Readonly<Record<string, Match | undefined>>): string {
  return Object.entries(matchers)
    .flatMap(([label, match]) => (match === undefined ? [] : [`${label}${formatMatch(match)}`]))
    .join(",");
}

function formatMatch(match: Match): string {
  if (typeof match === "string") return `=${quote(match)}`;
  if ("operator" in match) return `${match.operator}${quote(match.value)}`;
  return `=~${quote(alternatives(match))}`;
}

function alternatives(values: readonly string[]): string {
  return values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
}

function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}
