import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Linux hands out ports from 32768 on to outgoing connections. A port from there could be taken by
// one before the server that it is meant for starts.
const FIRST = 20_000;
const LAST = 31_999;

let next = randomInt(FIRST, LAST + 1);

/** A port that is free now on the loopback address; each call of one process gets another one. */
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
