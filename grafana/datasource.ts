/** The fixed uid of the data source, which dashboards and links name. */
export const DATASOURCE_UID = "prometheus";

/**
 * The options of the Prometheus data source, as Grafana stores them: `POST`, because a query over many
 * label values is too long for a URL, and a `timeInterval` equal to the scrape interval, from which
 * Grafana derives `$__rate_interval`.
 */
export function datasourceOptions(scrapeInterval: string): string {
  return JSON.stringify({ httpMethod: "POST", timeInterval: scrapeInterval });
}

/** The uid of the data source through which Grafana shows alerts and silences. */
export const ALERTMANAGER_UID = "alertmanager";

/** The options of that data source: Prometheus's Alertmanager, not Mimir's or Cortex's. */
export function alertmanagerOptions(): string {
  return JSON.stringify({ handleGrafanaManagedAlerts: false, implementation: "prometheus" });
}
