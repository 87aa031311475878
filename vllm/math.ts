/** Queries made of queries. */

/** One quantity for each of another, and nothing where there is none of the other. */
export function ratio(numerator: string, denominator: string): string {
  return math`${numerator} / (${denominator} > 0)`;
}

/** A sum in which what is missing counts as nothing, as long as the first term is there. */
export function plus(first: string, ...others: string[]): string {
  return others.reduce((sum, other) => math`${sum} + (${other} or ${first} * 0)`, first);
}

/** A share of one or 0, where the whole is there but no part of it. */
export function orZero(query: string, whole: string): string {
  return math`${query} or ${whole} * 0`;
}

/** A query made of queries, each in parentheses where its operators need them. */
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
