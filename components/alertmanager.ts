import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  alertmanagerCommand,
  ALERTMANAGER_CONFIG_FILE,
  ALERTMANAGER_CONFIG_FOLDER,
  ALERTMANAGER_DATA_FOLDER,
  ALERTMANAGER_PORT,
  ALERTMANAGER_SECRETS_FOLDER,
  TEMPLATES_FILE,
} from "../alertmanager/alertmanagerServer.ts";
import { configVolume, secretFiles } from "./configVolume.ts";
import {
  confinement,
  UNPRIVILEGED_USER,
  serverContainer,
  serverOptions,
  wget,
} from "./container.ts";
import { dataVolume } from "./dataVolume.ts";
import { containerLabels, type Deployment, objectName } from "./deployment.ts";
import { imageId } from "./image.ts";

/** How Alertmanager is deployed. */
export interface AlertmanagerArgs {
  deployment: Deployment;
  /** Image with an exact tag; it must have `wget`. */
  image: string;
  /** The text of `alertmanager.yml`. A change takes effect without a restart. */
  config: string;
  /** The templates of its messages. */
  templates: string;
  /** The secrets that `config` names, by file; stored as secrets in the state. */
  secrets: Record<string, string>;
  /** URL under which people reach it. */
  url: string;
  /** Name of the network that the deployment's servers share. */
  network: pulumi.Input<string>;
  /** Address and port of the host on which Alertmanager is published. */
  bindAddress: string;
  port: number;
  /** Limit in MiB. */
  memory: number;
}

/** An Alertmanager server, its data (silences and the notification log) and its configuration. */
export class Alertmanager extends pulumi.ComponentResource {
  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Alertmanager", name, {}, opts);
    const { deployment } = args;
    const image = imageId(`${name}-image`, args.image, { parent: this });
    const data = dataVolume(`${name}-data`, objectName(deployment, "alertmanager-data"), {
      parent: this,
    });
    const config = configVolume(
      `${name}-config`,
      {
        deployment,
        part: "alertmanager-config",
        image,
        folder: ALERTMANAGER_CONFIG_FOLDER,
        files: { [ALERTMANAGER_CONFIG_FILE]: args.config, [TEMPLATES_FILE]: args.templates },
      },
      { parent: this },
    );
    const secrets = configVolume(
      `${name}-secrets`,
      {
        deployment,
        part: "alertmanager-secrets",
        image,
        folder: ALERTMANAGER_SECRETS_FOLDER,
        files: secretFiles(args.secrets),
      },
      { parent: this },
    );
    const server = new docker.Container(
      `${name}-server`,
      {
        ...serverContainer(deployment, {
          component: "alertmanager",
          user: UNPRIVILEGED_USER,
          memory: args.memory,
          network: args.network,
          healthCheck: wget(`http://127.0.0.1:${ALERTMANAGER_PORT}/-/ready`),
        }),
        image,
        command: alertmanagerCommand(args.url),
        ports: [{ internal: ALERTMANAGER_PORT, external: args.port, ip: args.bindAddress }],
        // Receivers may run on the Docker host itself, which has this name in containers.
        hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
        volumes: [
          {
            volumeName: config.volumeName,
            containerPath: ALERTMANAGER_CONFIG_FOLDER,
            readOnly: true,
          },
          {
            volumeName: secrets.volumeName,
            containerPath: ALERTMANAGER_SECRETS_FOLDER,
            readOnly: true,
          },
          { volumeName: data.name, containerPath: ALERTMANAGER_DATA_FOLDER },
        ],
      },
      { ...serverOptions, parent: this, dependsOn: [config.holder, secrets.holder] },
    );
    reloadRequest(
      `${name}-reload`,
      { ...args, image },
      { parent: this, dependsOn: [config.holder, server] },
    );
    this.registerOutputs();
  }
}

/**
 * Makes the server reload its configuration. Alertmanager does not watch its file, and a restart
 * would delay notifications. Instead, a container of its image sends the reload request, once per
 * configuration, and ends. Secrets need no reload, since Alertmanager reads their files for each
 * notification.
 */
function reloadRequest(
  name: string,
  args: Pick<AlertmanagerArgs, "deployment" | "network" | "config" | "templates"> & {
    image: pulumi.Output<string>;
  },
  opts: pulumi.CustomResourceOptions,
): void {
  const hash = createHash("sha256").update(args.config).update(args.templates).digest("hex");
  const request = new docker.Container(
    name,
    {
      ...confinement(UNPRIVILEGED_USER, 16),
      name: objectName(args.deployment, "alertmanager-reload"),
      labels: [
        ...containerLabels(args.deployment, "alertmanager-reload"),
        { label: "vllm-observability.config", value: hash },
      ].sort((a, b) => a.label.localeCompare(b.label)),
      image: args.image,
      readOnly: true,
      mustRun: false,
      attach: true,
      logs: true,
      networkMode: "bridge",
      networksAdvanced: [{ name: args.network }],
      entrypoints: ["wget"],
      // No time limit for `wget`: -T crashes some builds of busybox.
      command: [
        "-q",
        "-O",
        "/dev/null",
        "--post-data=",
        `http://alertmanager:${ALERTMANAGER_PORT}/-/reload`,
      ],
    },
    { ...opts, deleteBeforeReplace: true },
  );
  request.exitCode.apply((code: number | undefined) => {
    if (code === undefined || code === 0) return;
    void pulumi.log.warn(
      "Alertmanager rejected its new configuration and still uses the previous one; its log has the reason.",
      request,
    );
  });
}
