/** Alertmanager's folders inside its container. */
export const CONFIG_FOLDER = "/etc/alertmanager";
export const SECRETS_FOLDER = "/etc/alertmanager-secrets";
export const DATA_FOLDER = "/alertmanager";

/** The files in `CONFIG_FOLDER`: the configuration and the message templates. */
export const CONFIG_FILE = "alertmanager.yml";
export const TEMPLATES_FILE = "messages.tmpl";

/** The port that Alertmanager listens on inside its container. */
export const PORT = 9093;

/**
 * Alertmanager's command line, without clustering; `url` is its external URL, for the links in its
 * messages.
 */
export function command(url: string): string[] {
  return [
    `--config.file=${CONFIG_FOLDER}/${CONFIG_FILE}`,
    `--storage.path=${DATA_FOLDER}`,
    "--cluster.listen-address=",
    `--web.external-url=${url}`,
  ];
}
