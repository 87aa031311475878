/**
 * Finds mistakes in any PromQL text that Prometheus would accept, but answer with no data or a wrong
 * number.
 */
import type { SyntaxNode } from "@lezer/common";
import {
  bucketBounds,
  formatFloat,
  nearestBounds,
  type CustomBuckets,
} from "../../vllm/buckets.ts";
import { labelsOf, matchersOf, selectorName, seriesLabels } from "./check/labels.ts";
import { callName, groupingLabels, nodes, operands, parse, VARIABLE } from "./check/parse.ts";
import { findSeries, type CheckOptions, type MetricSeries } from "./check/series.ts";
import type { Metric } from "../../vllm/metric.ts";

export type { CheckOptions };

/**
 * Returns one sentence for each mistake in a query. The query may contain Grafana's variables. This
 * checks syntax; names and their suffixes; labels in matchers, `by`, `without`, `on` and
 * `group_left`; values of closed sets; bounds in `le`; and that each function gets the type of
 * series that it is for.
 */
export function checkQuery(
  query: string,
  options: CheckOptions & { readonly customBuckets?: CustomBuckets } = {},
): string[] {
  const { root, text, errorAt } = parse(query);
  if (errorAt !== undefined) {
    return [`The query is no PromQL from "${text.slice(errorAt, errorAt + 20)}" on.`];
  }
  const faults = [
    ...nodes(root, "VectorSelector").flatMap((node) => checkSelector(node, text, options)),
    ...nodes(root, "FunctionCall").flatMap((node) => checkHistogramFunction(node, text, options)),
    ...nodes(root, "AggregateExpr").flatMap((node) => checkGrouping(node, text, options)),
    ...nodes(root, "BinaryExpr").flatMap((node) => checkMatching(node, text, options)),
  ];
  return [...new Set(faults)];
}

/**
 * Checks the query of a dashboard's variable in the same way: `label_values(selector, label)`, or
 * `query_result` of any query. Labels without a metric are rejected, because other exporters would
 * fill the list.
 */
export function checkVariable(query: string, options: CheckQueryOptions = {}): string[] {
  const values = /^label_values\((?:(?<selector>.+),)?\s*(?<label>\w+)\s*\)$/s.exec(query)?.groups;
  const result = /^query_result\((?<inner>.+)\)$/s.exec(query)?.groups?.inner;
  if (values?.label && values.selector) {
    return checkQuery(`group by (${values.label}) (${values.selector})`, options);
  }
  if (values?.label)
    return [`label_values(${values.label}) takes the label from any metric: name one.`];
  if (result) return checkQuery(result, options);
  return [
    `A variable asks for label_values(metric, label) or query_result(query), not for ${query}.`,
  ];
}

type CheckQueryOptions = NonNullable<Parameters<typeof checkQuery>[1]>;

function checkSelector(node: SyntaxNode, text: string, options: CheckQueryOptions): string[] {
  const name = selectorName(node, text);
  if (name === undefined || options.recorded?.[name]) return [];
  const series = findSeries(name, options);
  if (typeof series === "string") return [series];
  return [
    ...checkMatchers(node, text, name, series, options),
    ...checkUse(node, text, name, series),
  ];
}

function checkMatchers(
  node: SyntaxNode,
  text: string,
  name: string,
  series: MetricSeries,
  options: CheckQueryOptions,
): string[] {
  const labels = seriesLabels(series, options);
  return matchersOf(node, text).flatMap(({ label, operator, value }) => {
    if (label === "__name__") return [];
    if (!labels.has(label)) return [`${name} has no label ${label}.`];
    if (value.includes(VARIABLE) || value === "") return [];
    if (label === "le") return checkBound(name, series.metric, operator, value, options);
    const values = series.metric.labels[label];
    if (values === undefined || values === "any") return [];
    const unknown = unknownValues(values, operator, value);
    return unknown.map(
      (one) => `${name} has no ${label}="${one}": its values are ${values.join(", ")}.`,
    );
  });
}

/** The alternatives of a matcher that match no value. */
function unknownValues(values: readonly string[], operator: string, value: string): string[] {
  if (operator === "=" || operator === "!=") return values.includes(value) ? [] : [value];
  const alternatives = /[()[\]]/.test(value) ? [value] : value.split("|");
  return alternatives.filter((pattern) => {
    const regex = new RegExp(`^(?:${pattern})$`);
    return !values.some((one) => regex.test(one));
  });
}

function checkBound(
  name: string,
  metric: Metric,
  operator: string,
  value: string,
  { customBuckets: custom = {} }: CheckQueryOptions,
): string[] {
  if (value === "+Inf" || !operator.startsWith("=")) return [];
  const bounds = bucketBounds(metric as Metric<"histogram">, { custom });
  const values = operator === "=" ? [value] : value.split("|").map((one) => one.replace(/\\/g, ""));
  return values.flatMap((one) => {
    if (bounds.some((bound) => formatFloat(bound) === one)) return [];
    const bound = Number(one);
    return bounds.includes(bound)
      ? [`le="${one}" matches nothing: Prometheus writes this bound "${formatFloat(bound)}".`]
      : [
          `${name} has no bucket with le="${one}": the nearest are ${nearestBounds(bounds, bound).map(formatFloat).join(" and ")}.`,
        ];
  });
}

/** Checks that counters are only read as changes, and gauges never as counters. */
function checkUse(
  node: SyntaxNode,
  text: string,
  name: string,
  { metric, part }: MetricSeries,
): string[] {
  const use = readBy(node, text);
  const counts = metric.type === "counter" || part !== "value";
  if (counts && !COUNTER_USES.has(use)) {
    const as = use === "" ? "" : ` and not by ${use}()`;
    return [`${name} only ever grows: read it by rate() or increase()${as}.`];
  }
  if (!counts && COUNTER_FUNCTIONS.has(use)) {
    return [`${name} is a gauge: ${use}() is for counters.`];
  }
  return [];
}

/** The function or aggregation that gets a selector's samples, through ranges and offsets. */
function readBy(node: SyntaxNode, text: string): string {
  for (let at = node.parent; at; at = at.parent) {
    if (at.name === "FunctionCall" || at.name === "AggregateExpr") return callName(at, text);
    if (at.name === "BinaryExpr") return "";
  }
  return "";
}

const COUNTER_FUNCTIONS = new Set(["rate", "irate", "increase", "resets"]);
const COUNTER_USES = new Set([
  ...COUNTER_FUNCTIONS,
  "changes",
  "absent",
  "absent_over_time",
  "present_over_time",
  "count_over_time",
  "timestamp",
  "count",
  "group",
  "label_values",
  "last_over_time",
]);

/**
 * Checks that quantiles get buckets with their `le`, and other histogram functions get native
 * histograms.
 */
function checkHistogramFunction(
  node: SyntaxNode,
  text: string,
  options: CheckQueryOptions,
): string[] {
  const name = callName(node, text);
  const argument = operands(node).at(-1);
  if (!name.startsWith("histogram_") || !argument) return [];
  return nodes(argument, "VectorSelector").flatMap((selector) => {
    const asked = selectorName(selector, text);
    if (asked === undefined || options.recorded?.[asked]) return [];
    const series = findSeries(asked, options);
    if (typeof series === "string" || series.part === "native") return [];
    if (name !== "histogram_quantile") return [`${name}() needs a native histogram, not ${asked}.`];
    if (series.part !== "bucket") return [`${name}() needs buckets, not ${asked}.`];
    const labels = labelsOf(argument, text, options);
    return labels === "any" || labels.has("le")
      ? []
      : [`${name}() needs the label le: keep it when adding up ${asked}.`];
  });
}

function checkGrouping(node: SyntaxNode, text: string, options: CheckQueryOptions): string[] {
  const modifier = node.getChild("AggregateModifier");
  const inner = operands(node).at(-1);
  if (!modifier || !inner) return [];
  return unknownLabels(groupingLabels(modifier, text).flat(), [inner], text, options);
}

function checkMatching(node: SyntaxNode, text: string, options: CheckQueryOptions): string[] {
  const matching = node.getChild("MatchingModifierClause");
  if (!matching) return [];
  return unknownLabels(groupingLabels(matching, text).flat(), operands(node), text, options);
}

function unknownLabels(
  asked: readonly string[],
  sides: readonly SyntaxNode[],
  text: string,
  options: CheckQueryOptions,
): string[] {
  const known = sides.map((side) => labelsOf(side, text, options));
  return asked
    .filter((label) => !known.some((labels) => labels === "any" || labels.has(label)))
    .map(
      (label) =>
        `No series has the label ${label} in ${sides.map((side) => text.slice(side.from, side.to)).join(" and ")}.`,
    );
}
