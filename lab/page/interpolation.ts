/** The values of a query's placeholders. */
export interface Placeholders {
  /** Step of the query, and the interval between two scrapes, in seconds. */
  step: number;
  scrapeInterval: number;
  /** Length of the time range shown, in seconds. */
  range: number;
  /** Values of the dashboard's variables, as written into a query. */
  variables: Record<string, string>;
}

/**
 * A query with Grafana's placeholders filled in. A placeholder without a value stays in the query,
 * and Prometheus reports it.
 *
 * `$__rate_interval` is as in Grafana: four scrape intervals, or the step plus one scrape interval
 * if that is longer.
 */
export function interpolate(expr: string, placeholders: Placeholders): string {
  const { step, scrapeInterval, range, variables } = placeholders;
  return fillIn(expr, {
    ...variables,
    __interval: seconds(step),
    __interval_ms: String(step * 1000),
    __rate_interval: seconds(Math.max(step + scrapeInterval, 4 * scrapeInterval)),
    __range: seconds(Math.round(range)),
    __range_s: String(Math.round(range)),
    __range_ms: String(Math.round(range * 1000)),
  });
}

/**
 * Fills in `$name`, `${name}`, `${name:format}` and `[[name]]`, except for names without a value.
 */
export function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(
    /\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)\]\]/g,
    (whole, plain?: string, braced?: string, bracketed?: string) =>
      values[plain ?? braced ?? bracketed ?? ""] ?? whole,
  );
}

function seconds(amount: number): string {
  return Number.isInteger(amount) ? `${amount}s` : `${Math.round(amount * 1000)}ms`;
}
