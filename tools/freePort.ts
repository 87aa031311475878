import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Linux assigns ports from 32768 on to outgoing connections. Such a connection could take a port
// from that range before the server that should use it starts.
const FIRST = 20_000;
const LAST = 31_999;

let next = randomInt(FIRST, LAST + 1);

/** A port that is free now on the loopback address. Each call in one process returns a different port. */
export async function freePort(): Promise<number> {
  for (let tries = FIRST; tries <= LAST; tries += 1) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port)) {
      return port;
    }
  }
  throw new Error(`No port from ${FIRST} to ${LAST} is free on 127.0.0.1.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
