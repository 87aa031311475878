import { createServer } from "node:net";
import type { Plan } from "../../plan.ts";
import { PROJECT } from "../../settings.ts";
import type { StackContainer } from "./containers.ts";
import { Failure } from "../../tools/failure.ts";
import { dockerAddress } from "../../tools/docker.ts";
import type { StackState } from "./state.ts";

/**
 * Makes sure, before anything is touched, that the ports which the stack will publish are free or
 * its own. Ports of a Docker host elsewhere cannot be tried from here: that host tells itself.
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
        `${PROJECT}:bindAddress: "${bindAddress}" is no address of this machine: give one that is, such as 127.0.0.1.`,
      );
    }
    const ours = containers.some(
      (one) => one.component === service && one.running && one.ports.includes(port),
    );
    // Ports below 1024 are not this user's to take, but they are Docker's.
    if (fault === undefined || fault === "EACCES" || (fault === "EADDRINUSE" && ours)) continue;
    throw new Failure(
      `${PROJECT}:${service}.port: ${port} cannot be taken on ${bindAddress} (${fault === "EADDRINUSE" ? "another program uses it" : fault}): stop that program, or choose another port with: npm run pulumi -- config set --stack ${stack} --path '${PROJECT}:${service}.port' ${port + 1}`,
    );
  }
}

/**
 * Makes sure that what runs under the stack's name is known to its state. It is not when the stack
 * was brought up from another folder, or when its state was lost.
 *
 * @throws {Failure} saying how to go on, with all metrics kept.
 */
export function checkState(stack: string, state: StackState, containers: StackContainer[]): void {
  if (state.isUp || state.halfMade.length > 0 || containers.length === 0) return;
  const prefix = `${PROJECT}-${stack}`;
  throw new Failure(
    [
      `The stack "${stack}" is on this Docker host already, but its state is not here: it was brought up from another folder or by another user, or its state was lost. Go on from there; or, if the state is lost, remove what depends on it, and run this again. Metrics are kept, what was made by hand in Grafana is not:`,
      `  docker rm --force ${containers.map(({ name }) => name).join(" ")}`,
      `  docker network rm ${prefix}-network`,
      `  docker volume rm ${prefix}-grafana-data`,
    ].join("\n"),
  );
}

/** Why a port cannot be listened on: the system's error code, or nothing where it can. */
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
