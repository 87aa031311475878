import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  CANARY_CONFIG_FILE,
  CANARY_FOLDER,
  CANARY_HOST,
  CANARY_PORT,
  CANARY_SECRETS_FOLDER,
} from "../canary/canaryServer.ts";
import { configVolume, secretFiles } from "./configVolume.ts";
import { UNPRIVILEGED_USER, serverContainer, serverOptions, wget } from "./container.ts";
import type { Deployment } from "./deployment.ts";
import { imageId } from "./image.ts";

/** How the canary is deployed. */
export interface CanaryArgs {
  deployment: Deployment;
  /** Node image with an exact tag. */
  image: string;
  /** The program's files by path, and which of them Node starts. */
  files: Record<string, string>;
  main: string;
  /** Its configuration, as JSON; a change restarts it. */
  config: string;
  /** API keys by the file that `config` names; stored as secrets in the state. */
  secrets: Record<string, string>;
  /** Name of the network that the deployment's servers share. */
  network: pulumi.Input<string>;
  /** Limit in MiB. */
  memory: number;
}

/** A small exporter that sends completions to vLLM servers; its host name on the network is `canary`. */
export class Canary extends pulumi.ComponentResource {
  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Canary", name, {}, opts);
    const { deployment } = args;
    const image = imageId(`${name}-image`, args.image, { parent: this });
    const content = { ...args.files, [CANARY_CONFIG_FILE]: args.config };
    const files = configVolume(
      `${name}-files`,
      { deployment, part: "canary-files", image, folder: CANARY_FOLDER, files: content },
      { parent: this },
    );
    const secrets = configVolume(
      `${name}-secrets`,
      {
        deployment,
        part: "canary-secrets",
        image,
        folder: CANARY_SECRETS_FOLDER,
        files: secretFiles(args.secrets),
      },
      { parent: this },
    );
    const server = serverContainer(deployment, {
      component: CANARY_HOST,
      user: UNPRIVILEGED_USER,
      memory: args.memory,
      network: args.network,
      healthCheck: wget(`http://127.0.0.1:${CANARY_PORT}/-/ready`),
    });
    // It reads its files once: a new hash replaces the container. Keys are read at each probe.
    const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
    new docker.Container(
      `${name}-server`,
      {
        ...server,
        labels: [...server.labels, { label: "vllm-observability.config", value: hash }].sort(
          (a, b) => a.label.localeCompare(b.label),
        ),
        image,
        command: ["node", `${CANARY_FOLDER}/${args.main}`],
        // vLLM usually runs on the Docker host itself, which has this name in containers.
        hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
        volumes: [
          { volumeName: files.volumeName, containerPath: CANARY_FOLDER, readOnly: true },
          { volumeName: secrets.volumeName, containerPath: CANARY_SECRETS_FOLDER, readOnly: true },
        ],
      },
      { ...serverOptions, parent: this, dependsOn: [files.holder, secrets.holder] },
    );
    this.registerOutputs();
  }
}
