import { createServer } from "node:net";
import type { Plan } from "../../plan.ts";
import { PROJECT } from "../../settings.ts";
import type { StackContainer } from "./containers.ts";
import { Failure } from "../../tools/failure.ts";
import { dockerAddress } from "../../tools/docker.ts";
import type { StackState } from "./stackState.ts";

/**
 * Checks, before anything changes, that the ports to publish are free or already belong to the stack.
 * Ports of a remote Docker host cannot be checked from here: its engine reports conflicts.
 *
 * @throws {Failure} naming the setting, the port and what to do.
 */
export async function checkPorts(
  stack: string,
  { monitoring }: Plan,
  containers: StackContainer[],
): Promise<void> {
  if (!dockerAddress().startsWith("unix:")) return;
  const { bindAddress } = monitoring;
  for (const service of ["prometheus", "grafana", "alertmanager"] as const) {
    const port = monitoring[service]?.port;
    if (port === undefined) continue;
    const fault = await bindFault(bindAddress, port);
    if (fault === "EADDRNOTAVAIL") {
      throw new Failure(
        `${PROJECT}:bindAddress: "${bindAddress}" is not an address of this machine: give one that is, such as 127.0.0.1.`,
      );
    }
    const ours = containers.some(
      (one) => one.component === service && one.running && one.ports.includes(port),
    );
    // This user may not bind ports below 1024, but Docker may.
    if (fault === undefined || fault === "EACCES" || (fault === "EADDRINUSE" && ours)) continue;
    throw new Failure(
      `${PROJECT}:${service}.port: ${port} ${fault === "EADDRINUSE" ? "is in use" : "cannot be used"} on ${bindAddress} (${fault}): stop the program that uses it, or choose another port with: npm run pulumi -- config set --stack ${stack} --path '${PROJECT}:${service}.port' ${port + 1}`,
    );
  }
}

/**
 * Checks that the state knows the containers that run under the stack's name. They are unknown if
 * the stack was created from another folder, or if its state was lost.
 *
 * @throws {Failure} with the commands that remove these containers and keep all metrics.
 */
export function checkState(stack: string, state: StackState, containers: StackContainer[]): void {
  if (state.isUp || state.halfCreated.length > 0 || containers.length === 0) return;
  const prefix = `${PROJECT}-${stack}`;
  throw new Failure(
    [
      `The stack "${stack}" is on this Docker host already, but its state is not here: it was created from another folder or by another user, or its state was lost. Continue from that folder. If the state is lost, remove the containers and run this again; this keeps the metrics and loses what was created by hand in Grafana:`,
      `  docker rm --force ${containers.map(({ name }) => name).join(" ")}`,
      `  docker network rm ${prefix}-network`,
      `  docker volume rm ${prefix}-grafana-data`,
    ].join("\n"),
  );
}

/** The system's error code if the port cannot be bound; undefined if it can. */
function bindFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}
