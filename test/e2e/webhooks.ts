import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { dockerClient } from "../../tools/docker.ts";

/** An alert as Alertmanager tells of it. */
export interface ToldAlert {
  status: "firing" | "resolved";
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** When the message came, in milliseconds since 1970. */
  at: number;
}

/** A receiver of webhooks. */
export interface Webhooks {
  /** Its URL as containers see it, which reach this machine by the name `host.docker.internal`. */
  urlFromContainers: string;
  /** Its URL on this machine. */
  url: string;
  /** What was told of an alert so far, or of all. */
  alerts(name?: string): ToldAlert[];
  /** The Authorization header of the last message. */
  authorization(): string | undefined;
  stop(): Promise<void>;
}

/**
 * Receives Alertmanager's messages. It listens on Docker's bridge where there is one, since containers
 * cannot reach the loopback address, and on nothing else that the outside could reach.
 */
export async function receiveWebhooks(address?: string): Promise<Webhooks> {
  const host = address ?? (await bridgeAddress());
  const told: ToldAlert[] = [];
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    request.on("end", () => {
      authorization = request.headers.authorization;
      const { alerts } = JSON.parse(body) as { alerts: Omit<ToldAlert, "at">[] };
      told.push(...alerts.map((alert) => ({ ...alert, at: Date.now() })));
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlFromContainers: `http://host.docker.internal:${port}/`,
    url: `http://${host}:${port}/`,
    alerts: (name) => told.filter(({ labels }) => !name || labels.alertname === name),
    authorization: () => authorization,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Waits up to `seconds` for something to be there, and answers with it. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => T,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${seconds} s.`);
    await sleep(200);
  }
}

/** This machine's address on Docker's default bridge, which `host.docker.internal` is. */
async function bridgeAddress(): Promise<string> {
  const { IPAM } = await dockerClient().getNetwork("bridge").inspect();
  const { Gateway, Subnet = "" } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet.replace(/\d+\/\d+$/, "1");
}
