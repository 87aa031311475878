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

/** The uid of the data source through which Grafana shows alerts and silences. */
export const ALERTMANAGER_UID = "alertmanager";

/** That data source's own options: it is Prometheus's Alertmanager, not Mimir's or Cortex's. */
export function alertmanagerOptions(): string {
  return JSON.stringify({ handleGrafanaManagedAlerts: false, implementation: "prometheus" });
}
