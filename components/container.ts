import type { ContainerArgs } from "@pulumi/docker";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { containerLabels, type Deployment, objectName } from "./deployment.ts";

/** The unprivileged user and group of containers that need no user of their own. */
export const UNPRIVILEGED_USER = "65534:65534";

/** The inputs that differ between the servers of a deployment. */
export interface ServerArgs {
  /** The last part of its name, its alias on the network, and its component label. */
  component: string;
  /** `uid:gid`, never root. */
  user: string;
  /** Limit in MiB, swap included. */
  memory: number;
  /** Name of the network that the deployment's servers share. */
  network: Input<string>;
  /** Command that exits 0 once the server can serve. */
  healthCheck: string[];
}

/**
 * The restrictions of every container, running or not: no root, no capabilities, no new privileges,
 * limited memory and logs.
 *
 * `memorySwap` equals `memory`: without it Docker fills in another value, and each refresh finds a
 * difference.
 */
export function confinement(user: string, memory: number) {
  return {
    user,
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory,
    memorySwap: memory,
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
  } satisfies Partial<ContainerArgs>;
}

/**
 * The container inputs that all servers share: confined, a read-only root file system, restarted
 * after a crash or a reboot, and a health check that the deployment waits for.
 *
 * The check runs every 2 s, because a new container counts as started only after its first check.
 * Durations are written in the form that Go prints, or each refresh would find a difference.
 */
export function serverContainer(deployment: Deployment, args: ServerArgs) {
  return {
    ...confinement(args.user, args.memory),
    name: objectName(deployment, args.component),
    labels: containerLabels(deployment, args.component),
    readOnly: true,
    restart: "unless-stopped",
    networkMode: "bridge",
    networksAdvanced: [{ name: args.network, aliases: [args.component] }],
    healthcheck: {
      tests: ["CMD", ...args.healthCheck],
      interval: "2s",
      timeout: "3s",
      startPeriod: "2s",
      retries: 10,
    },
    wait: true,
    waitTimeout: 120,
  } satisfies Partial<ContainerArgs>;
}

/**
 * Options of every server's container. The provider never applies a changed health check or tmpfs to
 * the host (kreuzwerker/terraform-provider-docker#988), and leaves a container that did not become
 * healthy unchanged: both must replace the container, deleting the old one first, since names are
 * unique.
 */
export const serverOptions: CustomResourceOptions = {
  replaceOnChanges: ["healthcheck", "tmpfs", "#initerror"],
  deleteBeforeReplace: true,
};

/** A `wget` command that fails unless the URL, local to the container, answers with success. */
export function wget(url: string): string[] {
  // Not --spider: it sends HEAD, to which Grafana answers wrongly (grafana#82869).
  return ["wget", "-q", "-O", "/dev/null", url];
}
