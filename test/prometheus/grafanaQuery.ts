/** What a user selected on a dashboard, and the intervals that Grafana derives from the page. */
export interface Choices {
  /** Seconds between two points of a line: `$__interval`, and `$__interval_ms` in milliseconds. */
  step?: number;
  /** `$__rate_interval` and `$__range`, Prometheus durations. */
  rateInterval: string;
  range: string;
  /** Each variable's regular expression. Variables not listed are set to All, which is `.+`. */
  variables?: Record<string, string>;
}

/** A panel's query as Grafana sends it: with Grafana's and the dashboard's variables filled in. */
export function asGrafanaSends(expr: string, choices: Choices): string {
  return expr
    .replaceAll("$__rate_interval", choices.rateInterval)
    .replaceAll(/\$__interval\b/g, `${choices.step ?? 15}s`)
    .replaceAll("${__interval_ms}", String(1000 * (choices.step ?? 15)))
    .replaceAll("$__range", choices.range)
    .replaceAll(/\$\{(\w+)(?::\w+)?\}|\$([A-Za-z_]\w*)/g, (_, braced?: string, bare?: string) => {
      return choices.variables?.[braced ?? bare ?? ""] ?? ".+";
    });
}
