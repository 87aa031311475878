import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { RecordedRequest } from "./recordings.ts";

/**
 * A server that expects exactly these requests in this order, and returns the recorded answers.
 * `verify` fails if any request was different or missing.
 */
export async function replay(expected: RecordedRequest[]) {
  const rest = [...expected];
  const failures: unknown[] = [];
  const authorizations = new Set<string | undefined>();
  const server = createServer((request, response) => {
    void (async () => {
      authorizations.add(request.headers.authorization);
      const sent = request.method === "GET" || request.method === "DELETE" ? null : json(request);
      const actual = { method: request.method, path: request.url, request: await sent };
      const next = rest.shift();
      try {
        assert.deepEqual(
          actual,
          next && { method: next.method, path: next.path, request: next.request },
        );
      } catch (error) {
        failures.push(error);
      }
      response.writeHead(next?.status ?? 500, { "content-type": "application/json" });
      response.end(JSON.stringify(next?.response ?? { message: "not recorded" }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorizations,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    verify() {
      assert.deepEqual(failures, []);
      assert.deepEqual(rest, []);
    },
  };
}
