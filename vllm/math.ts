/** Queries composed of other queries. */

/** The numerator per unit of the denominator; no series if the denominator is 0 or absent. */
export function ratio(numerator: string, denominator: string): string {
  return math`${numerator} / (${denominator} > 0)`;
}

/** A sum in which missing terms count as 0, as long as the first term exists. */
export function plus(first: string, ...others: string[]): string {
  return others.reduce((sum, other) => math`${sum} + (${other} or ${first} * 0)`, first);
}

/** The query, or 0 if the whole exists but the query has no series for it. */
export function orZero(query: string, whole: string): string {
  return math`${query} or ${whole} * 0`;
}

/** A query composed of other queries, each in parentheses if its operators need them. */
export function math(
  texts: TemplateStringsArray,
  ...queries: readonly (string | number)[]
): string {
  return String.raw(
    { raw: texts },
    ...queries.map((query) => (typeof query === "number" ? `${query}` : grouped(query))),
  );
}

/** Parentheses around a query whose outermost part is an operator. */
function grouped(query: string): string {
  let depth = 0;
  const outer = query
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/[(){}[\]]|[^(){}[\]]+/g, (part) => {
      if (/^[({[]$/.test(part)) depth += 1;
      else if (/^[)}\]]$/.test(part)) depth -= 1;
      else if (depth === 0) return part;
      return "";
    });
  return / (?:[-+*/%^<>]|[=!]=|[<>]=|and|or|unless|atan2) /.test(outer) ? `(${query})` : query;
}
