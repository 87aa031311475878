/** Which labels the series of an expression have. */
import type { SyntaxNode } from "@lezer/common";
import { callName, groupingLabels, operands, stringValue } from "./parse.ts";
import { findSeries, type CheckOptions, type MetricSeries } from "./series.ts";

/** Label names, or `any` if they are unknown. */
export type KnownLabels = ReadonlySet<string> | "any";

/** The labels that the result of an expression can have. */
export function labelsOf(node: SyntaxNode, text: string, options: CheckOptions): KnownLabels {
  const below = () => operands(node).map((operand) => labelsOf(operand, text, options));
  switch (node.name) {
    case "VectorSelector":
      return selectorLabels(selectorName(node, text), options);
    case "AggregateExpr":
      return aggregateLabels(node, text, union(below()));
    case "FunctionCall":
      return functionLabels(node, text, union(below()));
    case "BinaryExpr":
      return binaryLabels(node, text, union(below()));
    default:
      return union(below());
  }
}

/** A selector's metric name, also from `__name__="…"`; undefined if it is a pattern. */
export function selectorName(node: SyntaxNode, text: string): string | undefined {
  const identifier = node.getChild("Identifier");
  if (identifier) return text.slice(identifier.from, identifier.to);
  return matchersOf(node, text).find(
    ({ label, operator }) => label === "__name__" && operator === "=",
  )?.value;
}

/** A selector's matchers. */
export function matchersOf(node: SyntaxNode, text: string) {
  const list = node.getChild("LabelMatchers");
  return (list?.getChildren("UnquotedLabelMatcher") ?? []).flatMap((matcher) => {
    const [label, operator, value] = ["LabelName", "MatchOp", "StringLiteral"].map((kind) =>
      matcher.getChild(kind),
    );
    if (!label || !operator || !value) return [];
    return {
      label: text.slice(label.from, label.to),
      operator: text.slice(operator.from, operator.to),
      value: stringValue(value, text),
    };
  });
}

/** The labels that a metric's series have in a query: its own, its target's, and its part's. */
export function seriesLabels({ metric, part }: MetricSeries, options: CheckOptions): Set<string> {
  const own = Object.keys(metric.labels);
  if (part === "bucket") own.push("le");
  if (metric.type === "summary" && part === "value") own.push("quantile");
  return new Set([...own, ...TARGET_LABELS, ...(options.targetLabels ?? [])]);
}

const TARGET_LABELS = ["job", "instance"];

function selectorLabels(name: string | undefined, options: CheckOptions): KnownLabels {
  if (name === undefined) return "any";
  const recorded = options.recorded?.[name];
  if (recorded) return new Set(recorded);
  const series = findSeries(name, options);
  return typeof series === "string" ? "any" : seriesLabels(series, options);
}

function aggregateLabels(node: SyntaxNode, text: string, inner: KnownLabels): KnownLabels {
  if (/^(topk|bottomk|limitk|limit_ratio)$/.test(callName(node, text))) return inner;
  const modifier = node.getChild("AggregateModifier");
  const listed = modifier ? (groupingLabels(modifier, text)[0] ?? []) : [];
  const kept = modifier?.getChild("Without")
    ? inner === "any"
      ? "any"
      : new Set([...inner].filter((label) => !listed.includes(label)))
    : new Set(listed);
  if (callName(node, text) !== "count_values" || kept === "any") return kept;
  return new Set([...kept, ...strings(node, text).slice(0, 1)]);
}

function functionLabels(node: SyntaxNode, text: string, inner: KnownLabels): KnownLabels {
  const name = callName(node, text);
  if (name === "absent" || name === "absent_over_time" || name === "info") return "any";
  if (inner === "any") return "any";
  if (name === "histogram_quantile") return new Set([...inner].filter((label) => label !== "le"));
  if (name === "label_replace" || name === "label_join") {
    return new Set([...inner, ...strings(node, text).slice(0, 1)]);
  }
  return inner;
}

function binaryLabels(node: SyntaxNode, text: string, inner: KnownLabels): KnownLabels {
  const matching = node.getChild("MatchingModifierClause");
  if (inner === "any" || !matching?.getChild("On")) return inner;
  if (matching.getChild("GroupLeft") ?? matching.getChild("GroupRight")) return inner;
  const setOperator = node.getChild("And") ?? node.getChild("Or") ?? node.getChild("Unless");
  return setOperator ? inner : new Set(groupingLabels(matching, text)[0]);
}

function strings(node: SyntaxNode, text: string): string[] {
  return operands(node)
    .filter(({ name }) => name === "StringLiteral")
    .map((literal) => stringValue(literal, text));
}

function union(sets: readonly KnownLabels[]): KnownLabels {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === "any") return "any";
    for (const label of set) all.add(label);
  }
  return all;
}
