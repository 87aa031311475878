import { z } from "zod";
import { hasCanary } from "../canary/plan.ts";
import { deliverySettings } from "../alertmanager/deliverySettings.ts";
import { duration } from "../common/duration.ts";
import { flag, NOT_A_GROUP, webUrl } from "../common/schemaParts.ts";
import { baseUrlFault } from "../common/webUrl.ts";
import { thresholds } from "../dashboards/thresholds.ts";
import { labels } from "../prometheus/labels.ts";
import { remoteWriteSetting } from "../prometheus/remoteWrite.ts";
import { ruleSettings } from "../prometheus/rules/ruleSettings.ts";
import { address, checkOnce, targetsSetting } from "../prometheus/targets.ts";
import { objectives, withWindow } from "../slo/objective.ts";
import { diskSpace, image, memory, ownAddress, port, release } from "./values.ts";

/**
 * A stack's configuration with every default filled in. Checks across several settings are not included
 * (`checks.ts`).
 */
export const schema = z
  .strictObject({
    targets: targetsSetting
      .describe(
        "The vLLM servers to scrape: a list of host:port or of { name, addresses, labels, scheme, metricsPath, params, basicAuth, bearerToken, headers, tls, scrapeInterval, canary }, or host:port separated by commas. Addresses must be reachable from the Prometheus container, in which host.docker.internal is this machine.",
      )
      .prefault(["host.docker.internal:8000"]),
    scrapeInterval: duration.default("5s").describe("How often each vLLM server is scraped."),
    evaluationInterval: duration
      .default("30s")
      .describe("How often Prometheus evaluates its rules."),
    histograms: z
      .enum(["classic", "native"], {
        error: 'is not a form of histograms: give "classic" or "native".',
      })
      .default("classic")
      .describe(
        "How vLLM's histograms are stored. classic: as exposed. native: converted to native histograms at each scrape, which takes a fifth of the series and allows any latency threshold in objectives; heatmaps then need Grafana 10 or newer.",
      ),
    retention: z
      .strictObject(
        {
          time: duration.default("30d").describe("How long samples are kept."),
          size: diskSpace
            .default("10GB")
            .describe("Maximum disk space for samples; the oldest are deleted first."),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("Retention of samples in Prometheus."),
    externalLabels: labels
      .default({})
      .describe(
        "Labels that identify this stack in other systems, such as { cluster: eu-1 }. Prometheus adds them to alerts, federated series and remote write, except where a label of that name exists.",
      ),
    bindAddress: ownAddress
      .default("127.0.0.1")
      .describe(
        "Address on which Prometheus, Grafana and Alertmanager are published. Prometheus and Alertmanager have no login: any address but a loopback address exposes them to the network.",
      ),
    prometheus: z
      .strictObject(
        {
          port: port.default(9090).describe("Port on which Prometheus is published."),
          image: image
            .default("prom/prometheus:v3.13.3")
            .describe("Prometheus image. 3.13 is the long-term support release."),
          memory: memory.default(1024).describe("Memory limit in MiB."),
          sampleLimit: z
            .int({ error: "is not a limit: give a whole number of samples, or 0 for none." })
            .min(0, { error: "is not a limit: give a whole number of samples, or 0 for none." })
            .default(50_000)
            .describe(
              "Maximum number of samples per scrape. A scrape that exceeds it fails, and PrometheusScrapeLimitHit fires. One vLLM engine exposes about 500 samples. 0 means no limit.",
            ),
          remoteWrite: remoteWriteSetting,
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("The Prometheus server."),
    grafana: z
      .strictObject(
        {
          port: port.default(3000).describe("Port on which Grafana is published."),
          image: image
            .default("grafana/grafana:13.1.4")
            .describe(
              "Grafana image. It must contain a shell and the Prometheus data source: not -distroless, not -slim.",
            ),
          memory: memory.default(512).describe("Memory limit in MiB."),
          publicUrl: webUrl("https://grafana.example.com", baseUrlFault)
            .transform((text) => text.replace(/\/+$/, ""))
            .optional()
            .describe(
              "URL of Grafana for users, if it is behind a reverse proxy. Links in notifications use it. Default: the published address and port.",
            ),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("The Grafana server."),
    alertmanager: z
      .strictObject(
        {
          port: port.default(9093).describe("Port on which Alertmanager is published."),
          image: image.default("prom/alertmanager:v0.34.2").describe("Alertmanager image."),
          memory: memory.default(128).describe("Memory limit in MiB."),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("The Alertmanager server, deployed if alerting.receivers is not empty."),
    alerting: z
      .strictObject({ ...deliverySettings, ...ruleSettings }, NOT_A_GROUP)
      .prefault({})
      .describe("Alert rules and notification receivers."),
    vllm: z
      .strictObject(
        {
          oldestVersion: release
            .optional()
            .describe(
              'The oldest vLLM release in the fleet, such as "0.9". Queries then also use the metric names that this release exposes. Set it if dashboards miss servers with an old release.',
            ),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("Properties of the vLLM fleet."),
    gpu: z
      .strictObject(
        {
          exporter: z
            .array(address, { error: 'is not a list: give "host:port" items.' })
            .superRefine(checkOnce)
            .default([])
            .describe(
              "GPU exporters (NVIDIA dcgm-exporter): a list of host:port, scraped as job gpu. If set, the GPU dashboard and the GPU alerts are deployed.",
            ),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("GPU monitoring."),
    canary: z
      .strictObject(
        {
          image: image.default("node:24.21.0-alpine").describe("Node.js image for the canary."),
          memory: memory.default(128).describe("Memory limit in MiB."),
        },
        NOT_A_GROUP,
      )
      .prefault({})
      .describe("The canary, deployed if a target group enables it (docs/canary.md)."),
    slo: z
      .strictObject({ objectives }, NOT_A_GROUP)
      .prefault({})
      .describe("Service level objectives."),
    thresholds,
    demo: flag
      .default(false)
      .describe(
        "Adds a simulated fleet of vLLM servers, so that dashboards show data without a real server.",
      ),
    demoImage: image
      .default("node:24.21.0-alpine")
      .describe("Node.js image for the simulated fleet."),
  })
  .transform(({ slo, ...settings }) => ({
    ...settings,
    slo: {
      objectives: slo.objectives
        // Pulumi.yaml gives the engine all defaults, so a default cannot be distinguished from a setting.
        .filter(({ metric }) => metric !== "canary" || hasCanary(settings.targets))
        .map((given) => withWindow(given, settings.retention.time)),
    },
  }));

/** The validated settings of a stack, with all defaults filled in. */
export type Settings = z.output<typeof schema>;
