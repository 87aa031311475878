/** Remote write: other systems to which Prometheus sends what it stores. */
import { z } from "zod";
import { NOT_A_GROUP, NOT_SHOWN, ownNames, secret, text, webUrl } from "../common/schemaParts.ts";
import { baseUrlFault } from "../common/webUrl.ts";
import { PROMETHEUS_SECRETS_FOLDER } from "./prometheusServer.ts";

const remote = z
  .strictObject(
    {
      name: text("a name, which alerts show").regex(/^[A-Za-z0-9_-]{1,63}$/, {
        error: "is not a name: use letters, digits, dashes and underscores, at most 63.",
      }),
      url: webUrl("https://mimir.example/api/v1/push", baseUrlFault).describe(
        "URL that takes remote write requests, as seen from the Prometheus container.",
      ),
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
      bearerToken: secret("the token").optional().describe("Token. Store it as a secret."),
      headers: z
        .record(z.string(), text("a value"), {
          error:
            "is not a set of headers: give names with values, such as { X-Scope-OrgID: team-a }.",
        })
        .superRefine(checkHeaders)
        .default({})
        .describe("HTTP headers of each request, such as { X-Scope-OrgID: team-a }. Not secret."),
      tls: z
        .strictObject(
          {
            ca: z
              .string({ error: "is not a text: give certificates in PEM form." })
              .regex(/^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\s*$/, {
                error: "is not a certificate in PEM form: give the text of the file.",
              })
              .optional()
              .describe("Certificates of the authorities to trust, in PEM form."),
            serverName: text("the name in the server's certificate")
              .optional()
              .describe("The name in the server's certificate, if it is not the URL's."),
          },
          NOT_A_GROUP,
        )
        .default({})
        .describe("Verification of the server's certificate."),
      metrics: z
        .array(
          z
            .string({
              error: 'is not a metric name: give one, or a pattern such as "job_model:*".',
            })
            .regex(/^[a-zA-Z_:*][\w:*]*$/, {
              error: 'is not a metric name: give one, or a pattern such as "job_model:*".',
            }),
          { error: 'is not a list: give metric names or patterns such as "job_model:*".' },
        )
        .min(1, { error: "is empty: give a metric name, or leave the key out to send all." })
        .optional()
        .describe(
          'Names of the metrics to send, in which * stands for any characters, such as ["up", "job_model:*"]. Default: all.',
        ),
    },
    { error: "is not a receiver of remote write: give { name, url }." },
  )
  .superRefine(({ basicAuth, bearerToken }, context) => {
    if (basicAuth === undefined || bearerToken === undefined) return;
    context.addIssue({
      code: "custom",
      path: ["bearerToken"],
      input: NOT_SHOWN,
      message: "is set beside basicAuth: keep one of them.",
    });
  });

/** A system to which Prometheus sends what it stores. */
export type RemoteWrite = z.output<typeof remote>;

export const remoteWriteSetting = z
  .array(remote, {
    error: "is not a list of receivers of remote write: give a list of { name, url }.",
  })
  .superRefine(ownNames("receivers of remote write"))
  .default([])
  .describe(
    "Systems to which Prometheus sends what it scrapes and records, such as Mimir, Thanos Receive or VictoriaMetrics: a list of { name, url, basicAuth { username, password }, bearerToken, headers, tls { ca, serverName }, metrics }. Set externalLabels too, so that the stacks can be told apart there.",
  );

/** An item of `remote_write` in `prometheus.yml`, which names files for the secrets. */
export function remoteWriteConfig(remote: RemoteWrite, histograms: "classic" | "native"): object {
  const { name, url, basicAuth, bearerToken, headers, tls, metrics } = remote;
  return {
    name,
    url,
    ...(basicAuth && {
      basic_auth: { username: basicAuth.username, password_file: secretFile(name) },
    }),
    ...(bearerToken !== undefined && { authorization: { credentials_file: secretFile(name) } }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(tls).length > 0 && {
      tls_config: {
        ...(tls.ca !== undefined && { ca: tls.ca }),
        ...(tls.serverName !== undefined && { server_name: tls.serverName }),
      },
    }),
    ...(histograms === "native" && { send_native_histograms: true }),
    ...(metrics && {
      write_relabel_configs: [
        {
          source_labels: ["__name__"],
          regex: metrics.map((one) => one.replaceAll("*", ".*")).join("|"),
          action: "keep",
        },
      ],
    }),
  };
}

/** The secrets that `remoteWriteConfig` names, by file. */
export function remoteWriteSecrets(remotes: readonly RemoteWrite[]): Record<string, string> {
  return Object.fromEntries(
    remotes.flatMap(({ name, basicAuth, bearerToken }) => {
      const value = basicAuth?.password ?? bearerToken;
      return value === undefined ? [] : [[secretName(name), value]];
    }),
  );
}

function secretFile(name: string): string {
  return `${PROMETHEUS_SECRETS_FOLDER}/${secretName(name)}`;
}

function secretName(name: string): string {
  return `remote-write-${name}`;
}

/** Headers that Prometheus sets itself, in small letters; it refuses them in its configuration. */
const OWN_HEADERS = [
  ...["authorization", "host", "content-encoding", "content-length", "content-type"],
  ...["user-agent", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization"],
  ...["www-authenticate", "accept-encoding", "x-prometheus-remote-write-version"],
  ...["x-prometheus-remote-read-version"],
];

function checkHeaders(given: Record<string, string>, context: z.RefinementCtx): void {
  for (const name of Object.keys(given)) {
    const isToken = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name);
    const message = !isToken
      ? "is not a header name: use letters, digits and dashes."
      : OWN_HEADERS.includes(name.toLowerCase())
        ? "is a header that Prometheus sets itself: remove it."
        : undefined;
    if (message !== undefined) {
      context.addIssue({ code: "custom", path: [name], input: name, message });
    }
  }
}
