import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An alert from Alertmanager's notification. */
export interface NotifiedAlert {
  name: string;
  status: "firing" | "resolved";
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** When the message came, in milliseconds since 1970. */
  at: number;
}

/** A receiver of Alertmanager's webhooks. */
export interface Webhooks {
  /** Its port, and its URL on this machine. */
  port: number;
  url: string;
  /** The alerts so far. */
  notified: readonly NotifiedAlert[];
  /** The Authorization header of the last message. */
  authorization(): string | undefined;
  stop(): Promise<void>;
}

/** Receives Alertmanager's messages on a free port of `host`, an address of this machine. */
export async function receiveWebhooks(host: string): Promise<Webhooks> {
  const notified: NotifiedAlert[] = [];
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    request.on("end", () => {
      authorization = request.headers.authorization;
      const { alerts } = JSON.parse(body) as { alerts: Omit<NotifiedAlert, "name" | "at">[] };
      for (const { status, labels, annotations } of alerts) {
        const name = labels.alertname ?? "";
        notified.push({ name, status, labels, annotations, at: Date.now() });
      }
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host}:${port}/`,
    notified,
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
