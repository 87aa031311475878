/** Where Alertmanager finds its files inside its container. */
export const CONFIG_FOLDER = "/etc/alertmanager";
export const SECRETS_FOLDER = "/etc/alertmanager-secrets";
export const DATA_FOLDER = "/alertmanager";

/** The files in `CONFIG_FOLDER`: what it starts with, and how it writes messages. */
export const CONFIG_FILE = "alertmanager.yml";
export const TEMPLATES_FILE = "messages.tmpl";

/** The port that Alertmanager listens on inside its container. */
export const PORT = 9093;

/**
 * Alertmanager's command line. It is alone, so it looks for no others of its kind; `url` is where
 * people reach it, for the links in its messages.
 */
export function command(url: string): string[] {
  return [
    `--config.file=${CONFIG_FOLDER}/${CONFIG_FILE}`,
    `--storage.path=${DATA_FOLDER}`,
    "--cluster.listen-address=",
    `--web.external-url=${url}`,
  ];
}
