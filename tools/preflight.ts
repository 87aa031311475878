import { createServer } from "node:net";
import type { Plan } from "../plan.ts";
import { PROJECT } from "../settings.ts";
import type { StackContainer } from "./docker.ts";
import { Failure } from "./failure.ts";

/**
 * Makes sure, before anything is touched, that the ports which the stack will publish are free or
 * its own.
 *
 * @throws {Failure} naming the setting, the port and what to do.
 */
export async function checkPorts(
  { monitoring }: Plan,
  containers: StackContainer[],
): Promise<void> {
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
    if (fault !== undefined && !(fault === "EADDRINUSE" && ours)) {
      throw new Failure(
        `${PROJECT}:${service}.port: ${port} cannot be taken on ${bindAddress} (${fault === "EADDRINUSE" ? "another program uses it" : fault}): stop that program, or choose another port with: npm run pulumi -- config set --path '${PROJECT}:${service}.port' ${port + 1}`,
      );
    }
  }
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
