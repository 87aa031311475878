/** Fixed, so that boards and links can name the data source. */
export const DATASOURCE_UID = "prometheus";

/**
 * The Prometheus data source's own options, as Grafana stores them: `POST`, because a query over
 * many label values outgrows a URL, and a `timeInterval` equal to the scrape interval, from which
 * Grafana derives `$__rate_interval`.
 */
export function datasourceOptions(scrapeInterval: string): string {
  return JSON.stringify({ httpMethod: "POST", timeInterval: scrapeInterval });
}
