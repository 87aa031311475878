/** The canary's folders inside its container. */
export const CANARY_FOLDER = "/canary";
export const CANARY_SECRETS_FOLDER = "/etc/canary-secrets";

/** The file in `CANARY_FOLDER` with the canary's configuration. */
export const CANARY_CONFIG_FILE = "config.json";

/** The port of the canary's metrics page. `/-/ready` answers once the canary serves. */
export const CANARY_PORT = 9820;

/** The canary's host name on the stack's network. */
export const CANARY_HOST = "canary";
