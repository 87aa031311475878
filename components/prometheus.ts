import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  PROMETHEUS_CONFIG_FILE,
  PROMETHEUS_CONFIG_FOLDER,
  PROMETHEUS_COMMAND,
  PROMETHEUS_DATA_FOLDER,
  PROMETHEUS_PORT,
  PROMETHEUS_SECRETS_FOLDER,
} from "../prometheus/prometheusServer.ts";
import { configVolume, secretFiles } from "./configVolume.ts";
import { UNPRIVILEGED_USER, serverContainer, serverOptions, wget } from "./container.ts";
import { dataVolume } from "./dataVolume.ts";
import { type Deployment, objectName } from "./deployment.ts";
import { imageId } from "./image.ts";

/** How Prometheus is deployed. */
export interface PrometheusArgs {
  deployment: Deployment;
  /** Image with an exact tag. */
  image: string;
  /** The text of `prometheus.yml`. A change takes effect without a restart. */
  config: string;
  /** The rule files that it names, by file name. A change takes effect without a restart. */
  ruleFiles: Record<string, string>;
  /** The secrets that `config` names, by file; stored as secrets in the state. Often none. */
  secrets: Record<string, string>;
  /** Name of the network that the deployment's servers share. */
  network: pulumi.Input<string>;
  /** Address and port of the host on which Prometheus is published. */
  bindAddress: string;
  port: number;
  /** Limit in MiB. */
  memory: number;
}

/** A Prometheus server, its data and its configuration. */
export class Prometheus extends pulumi.ComponentResource {
  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Prometheus", name, {}, opts);
    const { deployment } = args;
    const image = imageId(`${name}-image`, args.image, { parent: this });
    const data = dataVolume(`${name}-data`, objectName(deployment, "prometheus-data"), {
      parent: this,
    });
    const config = configVolume(
      `${name}-config`,
      {
        deployment,
        part: "prometheus-config",
        image,
        folder: PROMETHEUS_CONFIG_FOLDER,
        files: { [PROMETHEUS_CONFIG_FILE]: args.config, ...args.ruleFiles },
      },
      { parent: this },
    );
    // Without secrets there is no volume to mount.
    const secrets =
      Object.keys(args.secrets).length > 0 &&
      configVolume(
        `${name}-secrets`,
        {
          deployment,
          part: "prometheus-secrets",
          image,
          folder: PROMETHEUS_SECRETS_FOLDER,
          files: secretFiles(args.secrets),
        },
        { parent: this },
      );
    new docker.Container(
      `${name}-server`,
      {
        ...serverContainer(deployment, {
          component: "prometheus",
          user: UNPRIVILEGED_USER,
          memory: args.memory,
          network: args.network,
          healthCheck: wget(`http://127.0.0.1:${PROMETHEUS_PORT}/-/ready`),
        }),
        image,
        command: PROMETHEUS_COMMAND,
        ports: [{ internal: PROMETHEUS_PORT, external: args.port, ip: args.bindAddress }],
        // vLLM usually runs on the Docker host itself, which has this name in containers.
        hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
        volumes: [
          {
            volumeName: config.volumeName,
            containerPath: PROMETHEUS_CONFIG_FOLDER,
            readOnly: true,
          },
          ...(secrets
            ? [
                {
                  volumeName: secrets.volumeName,
                  containerPath: PROMETHEUS_SECRETS_FOLDER,
                  readOnly: true,
                },
              ]
            : []),
          { volumeName: data.name, containerPath: PROMETHEUS_DATA_FOLDER },
        ],
      },
      {
        ...serverOptions,
        parent: this,
        dependsOn: [config.holder, ...(secrets ? [secrets.holder] : [])],
      },
    );
    this.registerOutputs();
  }
}
