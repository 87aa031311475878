import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { configVolume } from "./configVolume.ts";
import { serverContainer, serverOptions, wget } from "./container.ts";
import type { Deployment } from "./deployment.ts";
import { imageId } from "./image.ts";

/** How the demo is deployed. */
export interface DemoArgs {
  deployment: Deployment;
  /** Node image with an exact tag. */
  image: string;
  /** The program's files by path, and which of them Node starts. */
  files: Record<string, string>;
  main: string;
  /** URL inside the container that answers once the program is ready. */
  ready: string;
  /** Name of the network that the deployment's servers share. */
  network: pulumi.Input<string>;
}

/** Simulated vLLM servers; their host name on the network is `demo`. */
export class Demo extends pulumi.ComponentResource {
  constructor(name: string, args: DemoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Demo", name, {}, opts);
    const image = imageId(`${name}-image`, args.image, { parent: this });
    const files = configVolume(
      `${name}-files`,
      {
        deployment: args.deployment,
        part: "demo-files",
        image,
        folder: FOLDER,
        files: args.files,
      },
      { parent: this },
    );
    new docker.Container(
      `${name}-server`,
      {
        ...serverContainer(args.deployment, {
          component: "demo",
          user: "1000:1000",
          memory: 256,
          network: args.network,
          healthCheck: wget(args.ready),
        }),
        image,
        // --watch restarts it when a file changes, since only the files' holder is replaced then.
        command: ["node", "--watch", `${FOLDER}/${args.main}`],
        volumes: [{ volumeName: files.volumeName, containerPath: FOLDER, readOnly: true }],
      },
      { ...serverOptions, parent: this, dependsOn: [files.holder] },
    );
    this.registerOutputs();
  }
}

const FOLDER = "/demo";
