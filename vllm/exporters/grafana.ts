/** The part of Grafana's own `/metrics` that dashboards and rules use. */
import { gauge, histogram, info } from "../metric.ts";

export const grafanaMetrics = {
  grafanaBuild: info("grafana_build_info", {
    help: "Version, revision, branch, edition and Go version of Grafana.",
    labels: { branch: "any", edition: "any", goversion: "any", revision: "any", version: "any" },
  }),
  grafanaHttpInFlight: gauge("grafana_http_request_in_flight", {
    unit: "requests",
    help: "A gauge of requests currently being served by Grafana.",
    labels: {},
  }),
  grafanaHttpDuration: histogram("grafana_http_request_duration_seconds", {
    unit: "seconds",
    help: "Histogram of latencies for HTTP requests.",
    labels: { handler: "any", status_code: "any", method: "any" },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  }),
  grafanaDashboards: gauge("grafana_stat_totals_dashboard", {
    unit: "none",
    help: "total amount of dashboards",
    labels: {},
  }),
};
