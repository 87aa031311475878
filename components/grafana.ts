import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as grafana from "@pulumiverse/grafana";
import {
  GRAFANA_DATA_FOLDER,
  grafanaEnvironment,
  PASSWORD_FILE,
  GRAFANA_PORT,
  SECRET_KEY_FILE,
  GRAFANA_SECRETS_FOLDER,
  GRAFANA_USER,
} from "../grafana/grafanaServer.ts";
import { configVolume } from "./configVolume.ts";
import { serverContainer, serverOptions, wget } from "./container.ts";
import { dataVolume } from "./dataVolume.ts";
import { type Deployment, objectName } from "./deployment.ts";
import { imageId } from "./image.ts";

/** How Grafana is deployed. */
export interface GrafanaArgs {
  deployment: Deployment;
  /** Image with an exact tag; it must have a shell, which reads the secrets from their files. */
  image: string;
  /** Name of the network that the deployment's servers share. */
  network: pulumi.Input<string>;
  /** Address and port of the host on which Grafana is published. */
  bindAddress: string;
  port: number;
  /** URL under which this program reaches Grafana. */
  url: string;
  /** URL under which people reach it. */
  publicUrl: string;
  /** Path of the home page. */
  homePage: string;
  /** Limit in MiB. */
  memory: number;
}

/** A Grafana server, its data and its secrets, and the provider for resources in it. */
export class Grafana extends pulumi.ComponentResource {
  /** The administrator's generated password, a secret. */
  readonly password: pulumi.Output<string>;
  /** The provider for resources in this server. They must also depend on this component. */
  readonly provider: grafana.Provider;
  /** The volume that stores all resources of the provider: deleting it deletes them. */
  readonly dataVolume: docker.Volume;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("vllm-observability:index:Grafana", name, {}, opts);
    const { deployment } = args;
    const password = secret(`${name}-admin-password`, this);
    const secretKey = secret(`${name}-secret-key`, this);
    const image = imageId(`${name}-image`, args.image, { parent: this });
    const data = dataVolume(`${name}-data`, objectName(deployment, "grafana-data"), {
      parent: this,
    });
    const secrets = configVolume(
      `${name}-secrets`,
      {
        deployment,
        part: "grafana-secrets",
        image,
        folder: GRAFANA_SECRETS_FOLDER,
        files: { [PASSWORD_FILE]: password.result, [SECRET_KEY_FILE]: secretKey.result },
      },
      { parent: this },
    );
    new docker.Container(
      `${name}-server`,
      {
        ...serverContainer(deployment, {
          component: "grafana",
          user: "472:0",
          memory: args.memory,
          network: args.network,
          healthCheck: wget(`http://127.0.0.1:${GRAFANA_PORT}/api/health`),
        }),
        image,
        envs: grafanaEnvironment(args.publicUrl, args.homePage),
        tmpfs: { "/tmp": "rw,noexec,nosuid,size=64m" },
        ports: [{ internal: GRAFANA_PORT, external: args.port, ip: args.bindAddress }],
        volumes: [
          { volumeName: secrets.volumeName, containerPath: GRAFANA_SECRETS_FOLDER, readOnly: true },
          { volumeName: data.name, containerPath: GRAFANA_DATA_FOLDER },
        ],
      },
      { ...serverOptions, parent: this, dependsOn: [secrets.holder] },
    );
    this.password = password.result;
    this.dataVolume = data;
    this.provider = new grafana.Provider(
      `${name}-provider`,
      {
        // Plain text that is known at preview: a URL read from the container would be unknown whenever
        // the container is replaced, and the provider and all its resources would be replaced with it.
        url: args.url,
        auth: pulumi.interpolate`${GRAFANA_USER}:${password.result}`,
        retries: 10,
        retryWait: 3,
        // Without 401, which the provider retries by default: if the password was changed, each
        // resource would send the old one many times, and Grafana blocks an account after five.
        retryStatusCodes: ["412", "429", "5xx"],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/**
 * A generated secret that never changes. Grafana reads its password only at the first start,
 * encrypts its data with the key, and stores both in its data volume. A new secret would lock this
 * program out, so changes of the inputs are ignored.
 */
function secret(name: string, parent: pulumi.Resource): random.RandomPassword {
  return new random.RandomPassword(
    name,
    { length: 32, special: false },
    { parent, ignoreChanges: ["*"] },
  );
}
