/** Alertmanager's folders inside its container. */
export const ALERTMANAGER_CONFIG_FOLDER = "/etc/alertmanager";
export const ALERTMANAGER_SECRETS_FOLDER = "/etc/alertmanager-secrets";
export const ALERTMANAGER_DATA_FOLDER = "/alertmanager";

/** The files in `ALERTMANAGER_CONFIG_FOLDER`: the configuration and the message templates. */
export const ALERTMANAGER_CONFIG_FILE = "alertmanager.yml";
export const TEMPLATES_FILE = "messages.tmpl";

/** The port that Alertmanager listens on inside its container. */
export const ALERTMANAGER_PORT = 9093;

/**
 * Alertmanager's command line, without clustering. `url` is its external URL, for the links in its
 * messages.
 */
export function alertmanagerCommand(url: string): string[] {
  return [
    `--config.file=${ALERTMANAGER_CONFIG_FOLDER}/${ALERTMANAGER_CONFIG_FILE}`,
    `--storage.path=${ALERTMANAGER_DATA_FOLDER}`,
    "--cluster.listen-address=",
    `--web.external-url=${url}`,
  ];
}
