/** Where Prometheus finds its files inside its container. */
export const PROMETHEUS_CONFIG_FOLDER = "/etc/prometheus";
export const PROMETHEUS_SECRETS_FOLDER = "/etc/prometheus-secrets";
export const PROMETHEUS_DATA_FOLDER = "/prometheus";

/** The file in `PROMETHEUS_CONFIG_FOLDER` that Prometheus starts with. */
export const PROMETHEUS_CONFIG_FILE = "prometheus.yml";

/** The port that Prometheus listens on inside its container. */
export const PROMETHEUS_PORT = 9090;

/**
 * Prometheus's command line. It watches its configuration (stable since 3.12), so that a changed file takes
 * effect within two seconds, without a restart and without the lifecycle API. Anyone who can reach the port
 * could stop Prometheus with that API.
 */
export const PROMETHEUS_COMMAND = [
  `--config.file=${PROMETHEUS_CONFIG_FOLDER}/${PROMETHEUS_CONFIG_FILE}`,
  `--storage.tsdb.path=${PROMETHEUS_DATA_FOLDER}`,
  "--config.auto-reload",
  "--config.auto-reload-interval=2s",
];
