/** Metrics pages of a fleet over HTTP, in real time. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fleet } from "./fleet.ts";

export interface ServeOptions {
  /** Address to listen on; loopback unless given. */
  host?: string;
  /**
   * Either a port for each server by its name, where its page is `/metrics`, or one port for all,
   * where it is `/<server>/metrics`. 0 is any free port.
   */
  port: number | Readonly<Record<string, number>>;
  /** Simulated seconds per real second; 1 unless given. */
  speed?: number;
}

export interface Serving {
  /** URL of each metrics page by server. */
  urls: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Serves the fleet and continues its time from where it is. Each server also answers `/-/ready`, dead
 * or alive. A dead server's connections are closed without an answer.
 */
export async function serveFleet(fleet: Fleet, options: ServeOptions): Promise<Serving> {
  const { host = "127.0.0.1", port, speed = 1 } = options;
  const [begin, from] = [performance.now(), fleet.now];
  const advance = () => {
    fleet.advance(from + ((performance.now() - begin) / 1000) * speed);
  };
  // Advances without a scrape too, so that no scrape has much to catch up with.
  const timer = setInterval(advance, 1000);

  const listen = async (chosen: number, nameOf: (path: string) => string | undefined) => {
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      const name = nameOf(path);
      if (name !== undefined) {
        advance();
        answer(fleet, name, response);
      } else if (path === "/-/ready") {
        response.end("ready\n");
      } else {
        notFound(response);
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(chosen, host, resolve);
    });
    return { server, url: `http://${host}:${(server.address() as AddressInfo).port}` };
  };

  if (typeof port === "number") {
    const names = new Map(fleet.names.map((name) => [`/${name}/metrics`, name]));
    const { server, url } = await listen(port, (path) => names.get(path));
    const urls = [...names].map(([path, name]) => [name, url + path] as const);
    return { urls: Object.fromEntries(urls), stop: () => stop([server]) };
  }
  const listening = await Promise.all(
    Object.entries(port).map(async ([name, chosen]) => ({
      name,
      ...(await listen(chosen, (path) => (path === "/metrics" ? name : undefined))),
    })),
  );
  return {
    urls: Object.fromEntries(listening.map(({ name, url }) => [name, `${url}/metrics`])),
    stop: () => stop(listening.map(({ server }) => server)),
  };

  async function stop(servers: readonly ReturnType<typeof createServer>[]): Promise<void> {
    clearInterval(timer);
    await Promise.all(
      servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => {
              resolve();
            });
            server.closeAllConnections();
          }),
      ),
    );
  }
}

function answer(fleet: Fleet, name: string, response: ServerResponse): void {
  const { text, hidden, delay } = fleet.page(name);
  if (text === undefined) {
    response.destroy();
  } else if (hidden) {
    notFound(response);
  } else {
    setTimeout(() => {
      response.setHeader("Content-Type", "text/plain; version=1.0.0; charset=utf-8");
      response.end(text);
    }, delay * 1000);
  }
}

function notFound(response: ServerResponse): void {
  response.statusCode = 404;
  response.end("Not found\n");
}
