/** The canary's folders inside its container. */
export const FOLDER = "/canary";
export const SECRETS_FOLDER = "/etc/canary-secrets";

/** The file in `FOLDER` with its configuration. */
export const CONFIG_FILE = "config.json";

/** The port that its metrics page is on; `/-/ready` answers once it serves. */
export const PORT = 9820;

/** Its host name on the stack's network. */
export const HOST = "canary";
