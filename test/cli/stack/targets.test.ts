import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import type { TargetGroup } from "../../../prometheus/targets.ts";
import { awaitTargets } from "../../../cli/stack/targets.ts";

const GROUP: TargetGroup = {
  ...{ job: "vllm", addresses: ["a:8000"], labels: {}, scheme: "http", metricsPath: "/metrics" },
};

/** Returns the number of requests and the final result, if Prometheus gives these answers in turn. */
async function waited(seen: { health: string; age: number }[], patience = 5_000) {
  let asked = 0;
  const server = createServer((_, response) => {
    const { health, age } = seen[Math.min(asked++, seen.length - 1)] ?? { health: "", age: 0 };
    const lastScrape = new Date(Date.now() - age).toISOString();
    const labels = { job: "vllm", instance: "a:8000" };
    const activeTargets = [{ labels, health, lastError: "", lastScrape }];
    response.end(JSON.stringify({ data: { activeTargets } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const targets = await awaitTargets(`http://127.0.0.1:${port}`, [GROUP], patience);
  server.close();
  return { asked, health: targets?.map(({ health }) => health) };
}

describe("awaitTargets", () => {
  it("accepts a success of any age", async () => {
    assert.deepEqual(await waited([{ health: "up", age: 60_000 }]), { asked: 1, health: ["up"] });
  });
  it("asks again if a failure is older than the start of the wait", async () => {
    const seen = [
      { health: "down", age: 60_000 },
      { health: "up", age: 0 },
    ];
    assert.deepEqual(await waited(seen), { asked: 2, health: ["up"] });
  });
  it("accepts a failure that is newer than the start of the wait", async () => {
    const seen = [
      { health: "unknown", age: 60_000 },
      { health: "down", age: 0 },
    ];
    assert.deepEqual(await waited(seen), { asked: 2, health: ["down"] });
  });
  it("stops waiting at its time limit", async () => {
    const { health } = await waited([{ health: "down", age: 60_000 }], 300);
    assert.deepEqual(health, ["down"]);
  });
});
