/** How Prometheus connects to a server behind TLS or a login: scrape targets and remote-write receivers. */
import { z } from "zod";
import { flag, NOT_A_GROUP, NOT_SHOWN, secret, text } from "../common/schemaParts.ts";
import { PROMETHEUS_SECRETS_FOLDER } from "./prometheusServer.ts";

const pem = (kind: string, what: string) =>
  z
    .string({ error: `is not a text: give ${what} in PEM form.` })
    .regex(new RegExp(`^-----BEGIN ${kind}-----\\n[^]+\\n-----END ${kind}-----\\s*$`), {
      error: `is not ${what} in PEM form: give the text of the file.`,
    });

/** The settings for such a connection. */
export const httpClientSettings = {
  basicAuth: z
    .strictObject(
      {
        username: text("the name to log in with"),
        password: secret("the password to log in with"),
      },
      NOT_A_GROUP,
    )
    .optional()
    .describe("Login, as { username, password }. Store the password as a secret."),
  bearerToken: secret("the token").optional().describe("Bearer token. Store it as a secret."),
  headers: z
    .record(z.string(), text("a value"), {
      error: "is not a set of headers: give names with values, such as { X-Scope-OrgID: team-a }.",
    })
    .superRefine(checkHeaders)
    .optional()
    .describe("HTTP headers of each request, such as { X-Scope-OrgID: team-a }. Not secret."),
  tls: z
    .strictObject(
      {
        ca: pem("CERTIFICATE", "a certificate")
          .optional()
          .describe("Certificates of the authorities to trust, in PEM form. Default: public ones."),
        serverName: text("the name in the server's certificate")
          .optional()
          .describe("The name in the server's certificate, if it is not the one in the address."),
        cert: pem("CERTIFICATE", "a certificate")
          .optional()
          .describe("Client certificate, in PEM form."),
        key: secret("the client certificate's key")
          .optional()
          .describe("Key of the client certificate, in PEM form. Store it as a secret."),
        insecureSkipVerify: flag
          .optional()
          .describe("Accepts any certificate. Anyone on the way can then read the login."),
      },
      NOT_A_GROUP,
    )
    .superRefine(({ cert, key }, context) => {
      if ((cert === undefined) === (key === undefined)) return;
      const [missing, given] = cert === undefined ? ["cert", "key"] : ["key", "cert"];
      context.addIssue({
        code: "custom",
        path: [missing],
        input: NOT_SHOWN,
        message: `is missing, but ${given} is set: set both, or neither.`,
      });
    })
    .optional()
    .describe("TLS: { ca, serverName, cert, key, insecureSkipVerify }."),
};

/** A login, headers and TLS, each only if it is needed. */
export type HttpClient = {
  readonly [Key in keyof typeof httpClientSettings]?: z.output<(typeof httpClientSettings)[Key]>;
};

/** Rejects settings with two logins. */
export function checkOneLogin(
  { basicAuth, bearerToken }: Pick<HttpClient, "basicAuth" | "bearerToken">,
  context: z.RefinementCtx,
): void {
  if (basicAuth === undefined || bearerToken === undefined) return;
  context.addIssue({
    code: "custom",
    path: ["bearerToken"],
    input: NOT_SHOWN,
    message: "is set beside basicAuth: keep one of them.",
  });
}

/**
 * The login and TLS in Prometheus's form, which names files for the secrets. `owner` makes the names of
 * these files unique.
 */
export function httpClientConfig(
  { basicAuth, bearerToken, tls }: HttpClient,
  owner: string,
): object {
  const { ca, serverName, cert, key, insecureSkipVerify } = tls ?? {};
  return {
    ...(basicAuth && {
      basic_auth: { username: basicAuth.username, password_file: path(owner, LOGIN) },
    }),
    ...(bearerToken !== undefined && {
      authorization: { credentials_file: path(owner, LOGIN) },
    }),
    ...(tls && {
      tls_config: {
        ...(ca !== undefined && { ca }),
        ...(serverName !== undefined && { server_name: serverName }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key_file: path(owner, KEY) }),
        ...(insecureSkipVerify && { insecure_skip_verify: true }),
      },
    }),
  };
}

/** The secrets that `httpClientConfig` names, by file. */
export function httpClientSecrets(
  { basicAuth, bearerToken, tls }: HttpClient,
  owner: string,
): Record<string, string> {
  const login = basicAuth?.password ?? bearerToken;
  return {
    ...(login !== undefined && { [file(owner, LOGIN)]: login }),
    ...(tls?.key !== undefined && { [file(owner, KEY)]: tls.key }),
  };
}

const LOGIN = "login";
const KEY = "key";

function path(owner: string, kind: string): string {
  return `${PROMETHEUS_SECRETS_FOLDER}/${file(owner, kind)}`;
}

function file(owner: string, kind: string): string {
  return `${owner}-${kind}`;
}

/** Headers that Prometheus sets itself, in lower case; it rejects them in its configuration. */
const OWN_HEADERS = [
  ...["authorization", "host", "content-encoding", "content-length", "content-type"],
  ...["user-agent", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization"],
  ...["www-authenticate", "accept-encoding", "x-prometheus-remote-write-version"],
  ...["x-prometheus-remote-read-version", "x-prometheus-scrape-timeout-seconds", "accept"],
];

function checkHeaders(given: Record<string, string>, context: z.RefinementCtx): void {
  for (const name of Object.keys(given)) {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      // The name is not shown, because it may be a token in the wrong place.
      const message = "has a name that no header can have: use letters, digits and dashes.";
      context.addIssue({ code: "custom", input: NOT_SHOWN, message });
    } else if (OWN_HEADERS.includes(name.toLowerCase())) {
      const message = "is a header that Prometheus sets itself: remove it.";
      context.addIssue({ code: "custom", path: [name], input: name, message });
    }
  }
}
