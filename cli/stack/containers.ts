import { buffer } from "node:stream/consumers";
import Docker from "dockerode";
import { CONTAINER_LABELS } from "../../components/deployment.ts";
import { PROJECT } from "../../settings.ts";
import { logText } from "../../tools/dockerLog.ts";

/** A container of a stack. */
export interface StackContainer {
  id: string;
  name: string;
  /** `prometheus`, `grafana`, `prometheus-config` … */
  component: string;
  running: boolean;
  /** Whether it runs and its health check passes: neither starting, nor failing, nor stopped. */
  healthy: boolean;
  /** Published ports of the host. */
  ports: number[];
}

/** A client of the Docker host in `DOCKER_HOST` (read at each call), or of the local one. */
export function dockerClient(): Docker {
  return new Docker();
}

/** All containers of a stack, including stopped ones. */
export async function stackContainers(stack: string): Promise<StackContainer[]> {
  const found = await dockerClient().listContainers({
    all: true,
    filters: {
      label: [`${CONTAINER_LABELS.project}=${PROJECT}`, `${CONTAINER_LABELS.stack}=${stack}`],
    },
  });
  return found.map((container) => ({
    id: container.Id,
    name: (container.Names.at(0) ?? "").replace(/^\//, ""),
    component: container.Labels[CONTAINER_LABELS.component] ?? "",
    running: container.State === "running",
    healthy: container.Status.includes("(healthy)"),
    ports: container.Ports.map(({ PublicPort }) => PublicPort),
  }));
}

/** Whether a component of a stack (Grafana, Prometheus, …) exists and is healthy. */
export async function isHealthy(stack: string, component: string): Promise<boolean> {
  const containers = await stackContainers(stack);
  return containers.some((one) => one.component === component && one.healthy);
}

/** A container's last lines of output, oldest first. */
export async function lastLogLines(id: string, count: number): Promise<string[]> {
  const output = await dockerClient()
    .getContainer(id)
    .logs({ stdout: true, stderr: true, tail: count, follow: false });
  return logText(output).split("\n").filter(Boolean);
}

/**
 * Runs a command in a container and waits until it exits.
 *
 * @throws {Error} if the command fails, with its output.
 */
export async function execute(id: string, command: string[]): Promise<void> {
  const docker = dockerClient();
  const started = await docker.getContainer(id).exec({
    ...{ Cmd: command, AttachStdout: true, AttachStderr: true },
  });
  const output = await buffer(await started.start({}));
  const { ExitCode } = await started.inspect();
  if (ExitCode !== 0) {
    throw new Error(`${command.join(" ")} fails in the container ${id}: ${logText(output)}`);
  }
}
