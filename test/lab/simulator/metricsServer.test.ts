import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import { serveFleet, type ServeOptions } from "../../../lab/simulator/metricsServer.ts";

function fleet() {
  return createFleet({
    seed: 1,
    remember: 0,
    servers: [
      { name: "a", model: "m" },
      { name: "b", model: "m" },
    ],
  });
}

async function serving(
  options: ServeOptions,
  test: (urls: Readonly<Record<string, string>>, served: ReturnType<typeof fleet>) => Promise<void>,
) {
  const served = fleet();
  const running = await serveFleet(served, options);
  try {
    await test(running.urls, served);
  } finally {
    await running.stop();
  }
}

describe("a served fleet", () => {
  it("has a port for each server", async () => {
    await serving({ port: { a: 0, b: 0 } }, async ({ a = "", b = "" }, served) => {
      assert.match(a, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      assert.notEqual(new URL(a).port, new URL(b).port);
      const answer = await fetch(b);
      assert.equal(answer.headers.get("content-type"), "text/plain; version=1.0.0; charset=utf-8");
      assert.equal(await answer.text(), served.exposition("b"));
      assert.equal((await fetch(new URL("/b/metrics", b))).status, 404);
    });
  });

  it("can have one port for all servers, with a path for each", async () => {
    await serving({ port: 0 }, async ({ a = "", b = "" }) => {
      assert.equal(new URL(a).origin, new URL(b).origin);
      assert.deepEqual([new URL(a).pathname, new URL(b).pathname], ["/a/metrics", "/b/metrics"]);
      assert.equal((await fetch(a)).status, 200);
      assert.equal((await fetch(new URL("/metrics", a))).status, 404);
    });
  });

  it("runs in real time, or faster", async () => {
    await serving({ port: 0, speed: 500 }, async ({ a = "" }, served) => {
      await setTimeout(40);
      await (await fetch(a)).text();
      assert.ok(served.now >= 20 && served.now < 2000, `${served.now}`);
    });
  });

  it("closes connections to a dead server, and stays ready", async () => {
    await serving({ port: 0 }, async ({ a = "", b = "" }, served) => {
      served.apply("a", { do: "kill" });
      await assert.rejects(fetch(a));
      assert.equal((await fetch(b)).status, 200);
      assert.equal(await (await fetch(new URL("/-/ready", a))).text(), "ready\n");
    });
  });

  it("can hide a page, or answer slowly", async () => {
    await serving({ port: 0 }, async ({ a = "" }, served) => {
      served.apply("a", { do: "hide" });
      assert.equal((await fetch(a)).status, 404);
      served.apply("a", { do: "show" });
      served.apply("a", { do: "answerSlowly", seconds: 0.1 });
      const begin = performance.now();
      assert.equal((await fetch(a)).status, 200);
      assert.ok(performance.now() - begin >= 99);
    });
  });
});
