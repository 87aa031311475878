/** Remote write: other systems to which Prometheus sends what it stores. */
import { z } from "zod";
import { ownNames, text, webUrl } from "../common/schemaParts.ts";
import { baseUrlFault } from "../common/webUrl.ts";
import {
  checkOneLogin,
  httpClientConfig,
  httpClientSecrets,
  httpClientSettings,
} from "./httpClient.ts";

const remote = z
  .strictObject(
    {
      name: text("a name, which alerts show").regex(/^[A-Za-z0-9_-]{1,63}$/, {
        error: "is not a name: use letters, digits, dashes and underscores, at most 63.",
      }),
      url: webUrl("https://mimir.example/api/v1/push", baseUrlFault).describe(
        "URL that takes remote write requests, as seen from the Prometheus container.",
      ),
      ...httpClientSettings,
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
  .superRefine(checkOneLogin);

/** A system to which Prometheus sends what it stores. */
export type RemoteWrite = z.output<typeof remote>;

export const remoteWriteSetting = z
  .array(remote, {
    error: "is not a list of receivers of remote write: give a list of { name, url }.",
  })
  .superRefine(ownNames("receivers of remote write"))
  .default([])
  .describe(
    "Systems to which Prometheus sends what it scrapes and records, such as Mimir, Thanos Receive or VictoriaMetrics: a list of { name, url, basicAuth { username, password }, bearerToken, headers, tls, metrics }. Set externalLabels too, so that the receivers can distinguish the stacks.",
  );

/** An item of `remote_write` in `prometheus.yml`, which names files for the secrets. */
export function remoteWriteConfig(remote: RemoteWrite, histograms: "classic" | "native"): object {
  const { name, url, headers, metrics } = remote;
  return {
    name,
    url,
    ...httpClientConfig(remote, owner(name)),
    ...(headers && { headers }),
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
  const secrets = remotes.map((remote) => httpClientSecrets(remote, owner(remote.name)));
  return Object.assign({}, ...secrets) as Record<string, string>;
}

function owner(name: string): string {
  return `remote-write-${name}`;
}
