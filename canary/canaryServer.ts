/** The canary's folders inside its container. */
export const CANARY_FOLDER = "/canary";
export const CANARY_SECRETS_FOLDER = "/etc/canary-secrets";

/** The file in `CANARY_FOLDER` with its configuration. */
export const CANARY_CONFIG_FILE = "config.json";

/** The port that its metrics page is on; `/-/ready` answers once it serves. */
export const CANARY_PORT = 9820;

/** Its host name on the stack's network. */
export const CANARY_HOST = "canary";
