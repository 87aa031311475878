/** Grafana's folders inside its container. */
export const GRAFANA_SECRETS_FOLDER = "/etc/grafana-secrets";
export const GRAFANA_DATA_FOLDER = "/var/lib/grafana";

/** Files in `GRAFANA_SECRETS_FOLDER`. */
export const PASSWORD_FILE = "admin-password";
export const SECRET_KEY_FILE = "secret-key";

/** The port that Grafana listens on inside its container. */
export const GRAFANA_PORT = 3000;

/** The administrator's name. */
export const GRAFANA_USER = "admin";

/**
 * Grafana's environment: secrets come from files, anonymous access is off, and the server makes no
 * outgoing requests (no reporting, update checks, news, gravatar or plugin installs). `homePage` is
 * the path of the home page: Grafana's default one shows news even with `news_feed_enabled` off.
 *
 * Preinstalled plugins stay as the image has them: since Grafana 13.2 the Prometheus data source is
 * one of them, and an update at start loses it where the machine is offline (grafana#131490) or, as
 * here, the root file system is read-only (grafana-operator#2946).
 */
export function grafanaEnvironment(rootUrl: string, homePage: string): string[] {
  return Object.entries({
    GF_SERVER_ROOT_URL: rootUrl,
    // On by default since Grafana 13, where it about doubles the memory in use (grafana#123017) and,
    // up to 13.1.4, leaks some with every HEAD request (grafana#132743).
    GF_SERVER_ENABLE_GZIP: false,
    GF_SECURITY_ADMIN_USER: GRAFANA_USER,
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${GRAFANA_SECRETS_FOLDER}/${PASSWORD_FILE}`,
    GF_SECURITY_SECRET_KEY__FILE: `${GRAFANA_SECRETS_FOLDER}/${SECRET_KEY_FILE}`,
    GF_SECURITY_COOKIE_SAMESITE: "strict",
    // Over plain http a browser would not send a secure cookie.
    GF_SECURITY_COOKIE_SECURE: rootUrl.startsWith("https:"),
    GF_SECURITY_CONTENT_SECURITY_POLICY: true,
    GF_SECURITY_DISABLE_GRAVATAR: true,
    GF_USERS_ALLOW_SIGN_UP: false,
    GF_USERS_HOME_PAGE: homePage,
    GF_AUTH_ANONYMOUS_ENABLED: false,
    GF_AUTH_ANONYMOUS_HIDE_VERSION: true,
    GF_ANALYTICS_REPORTING_ENABLED: false,
    GF_ANALYTICS_CHECK_FOR_UPDATES: false,
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: false,
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: false,
    GF_NEWS_NEWS_FEED_ENABLED: false,
    GF_SNAPSHOTS_EXTERNAL_ENABLED: false,
    GF_PLUGINS_PLUGIN_ADMIN_ENABLED: false,
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: true,
    GF_PLUGINS_PREINSTALL_DISABLED: true,
    GF_PLUGINS_PREINSTALL_AUTO_UPDATE: false,
    // The plugin pages make the server call grafana.com nevertheless: send that to a closed port.
    GF_GRAFANA_COM_URL: NOWHERE,
    GF_GRAFANA_COM_API_URL: NOWHERE,
    GF_PUBLIC_DASHBOARDS_ENABLED: false,
    GF_CLOUD_MIGRATION_ENABLED: false,
    GF_LOG_MODE: "console",
  }).map(([name, value]) => `${name}=${value}`);
}

/** The discard port of Grafana's own container, which refuses connections at once. */
const NOWHERE = "http://127.0.0.1:9";
