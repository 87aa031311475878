import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { checkLogin } from "../../../cli/stack/login.ts";
import { Failure } from "../../../tools/failure.ts";

describe("checkLogin", () => {
  const asked: (string | undefined)[] = [];
  // A stand-in for Grafana that knows one password.
  const server = createServer(({ url, headers }, response) => {
    asked.push(url);
    const right = `Basic ${Buffer.from("admin:right").toString("base64")}`;
    response.writeHead(headers.authorization === right ? 200 : 401).end();
  });
  let url: string;

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.close();
  });

  it("accepts the right password, after one request", async () => {
    await checkLogin("x", { url }, "right");
    assert.deepEqual(asked.splice(0), ["/api/org"]);
  });

  it("says how to restore a changed password, after one request", async () => {
    await assert.rejects(checkLogin("x", { url }, "wrong"), (error) => {
      assert.ok(error instanceof Failure);
      assert.match(error.message, /reset-admin-password/);
      assert.doesNotMatch(error.message, /wrong/);
      return true;
    });
    assert.deepEqual(asked.splice(0), ["/api/org"]);
  });

  it("reports nothing if Grafana does not answer or the stack has no password", async () => {
    await checkLogin("x", { url: "http://127.0.0.1:1" }, "right");
    await checkLogin("x", { url }, undefined);
    assert.deepEqual(asked, []);
  });
});
