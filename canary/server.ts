/** Where the canary finds its files inside its container. */
export const FOLDER = "/canary";
export const SECRETS_FOLDER = "/etc/canary-secrets";

/** The file in `FOLDER` that tells it what to probe. */
export const CONFIG_FILE = "config.json";

/** The port that its metrics page is on; `/-/ready` answers once it serves. */
export const PORT = 9820;

/** The name under which Prometheus finds it on the stack's network. */
export const HOST = "canary";
