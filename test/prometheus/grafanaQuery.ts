/** What a reader of a dashboard chose, and the times that Grafana derives from the page. */
export interface Choices {
  /** Seconds from one point of a line to the next: `$__interval`, `$__interval_ms` in milliseconds. */
  step?: number;
  /** `$__rate_interval` and `$__range`, Prometheus durations. */
  rateInterval: string;
  range: string;
  /** A variable's regular expression; All, which is `.+`, for those that are not named. */
  variables?: Record<string, string>;
}

/** A panel's query as Grafana sends it: with its own variables and the dashboard's filled in. */
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
