/** PromQL as a tree, with the variables of a dashboard filled in. */
import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";

/** Replaces a dashboard's variable inside a string. */
export const VARIABLE = "__variable__";

/** A parsed query and the text that its positions refer to. */
export interface Parsed {
  readonly root: SyntaxNode;
  readonly text: string;
  /** The position of the first syntax error, if there is one. */
  readonly errorAt: number | undefined;
}

export function parse(query: string): Parsed {
  const text = fillVariables(query);
  const tree = parser.parse(text);
  let errorAt: number | undefined;
  tree.iterate({
    enter(node: SyntaxNodeRef) {
      if (node.type.isError) errorAt ??= node.from;
    },
  });
  return { root: tree.topNode, text, errorAt };
}

/**
 * Fills in variables, because Grafana does so before Prometheus sees the query: a marker inside
 * strings, a number elsewhere.
 */
function fillVariables(query: string): string {
  return query.replace(STRING_OR_VARIABLE, (part) => {
    if (part.startsWith('"') || part.startsWith("'") || part.startsWith("`")) {
      return part.replace(VARIABLES, VARIABLE);
    }
    return "1";
  });
}

const VARIABLES = /\$\{[^}]+\}|\[\[[^\]]+\]\]|\$[A-Za-z_]\w*/g;
const STRING_OR_VARIABLE = new RegExp(
  `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`|${VARIABLES.source}`,
  "g",
);

/** All nodes of a kind, in reading order. */
export function nodes(root: SyntaxNode, kind: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate((ref) => {
    if (ref.name === kind) found.push(ref.node);
  });
  return found;
}

/** The expressions directly below a node: the operands, or the arguments of a function. */
export function operands(node: SyntaxNode): SyntaxNode[] {
  const parent = node.getChild("FunctionCallBody") ?? node;
  return parent.getChildren("Expr");
}

/** A function's or an aggregation's name, in lower case. */
export function callName(node: SyntaxNode, text: string): string {
  const name = node.getChild("FunctionIdentifier") ?? node.getChild("AggregateOp");
  return name === null ? "" : text.slice(name.from, name.to).toLowerCase();
}

/** The text of a string literal. */
export function stringValue(node: SyntaxNode, text: string): string {
  const literal = text.slice(node.from, node.to);
  const inner = literal.slice(1, -1);
  return literal.startsWith("`") ? inner : inner.replace(/\\(.)/g, "$1");
}

/** The labels in parentheses after `by`, `on` and similar keywords; several lists in order. */
export function groupingLabels(node: SyntaxNode, text: string): string[][] {
  return node.getChildren("GroupingLabels").map((list) => [
    ...list.getChildren("LabelName").map((label) => text.slice(label.from, label.to)),
    ...list
      .getChildren("QuotedLabelName")
      .flatMap((label) => label.getChildren("StringLiteral"))
      .map((literal) => stringValue(literal, text)),
  ]);
}
