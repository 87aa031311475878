import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { CanaryTarget } from "../../canary/config.ts";
import { metricsPage } from "../../canary/metricsPage.ts";
import { probeServer, type ServerProbe } from "../../canary/serverProbe.ts";
import { parseExposition } from "../../vllm/exposition.ts";
import { startVllmStandIn, type VllmStandIn } from "./standIn.ts";

const LABELS = { job: "chat", instance: "gpu1:8000", team: "search" };

describe("the canary of a server", () => {
  let server: VllmStandIn;
  beforeEach(async () => {
    server = await startVllmStandIn();
  });
  afterEach(() => server.stop());

  const target = (changed: Partial<CanaryTarget> = {}): CanaryTarget => ({
    labels: LABELS,
    url: server.url,
    metricsUrl: `${server.url}/metrics`,
    interval: 30,
    timeout: 60,
    maxTokens: 4,
    requestsPerHour: 1000,
    ...changed,
  });

  /** The values of a metric by engine, endpoint or outcome, from the page. */
  const values = (watched: ServerProbe, name: string, label = "engine"): Record<string, number> =>
    Object.fromEntries<number>(
      parseExposition(metricsPage([watched]))
        .flatMap(({ samples }) => samples)
        .filter((sample) => sample.name === `vllm_canary_${name}`)
        .map(({ labels, value }): [string, number] => [labels[label] ?? "", value]),
    );

  it("probes each rank by its number, which it learns from the metrics page", async () => {
    server.engines = [{ engine: "10" }, { engine: "8" }, { engine: "9" }];
    const watched = probeServer(target());
    await watched.round();
    assert.deepEqual(server.asked.map(({ rank }) => rank).sort(), ["0", "1", "2"]);
    assert.deepEqual(values(watched, "success"), { 8: 1, 9: 1, 10: 1 });
    assert.deepEqual(values(watched, "tokens_total"), { 8: 4, 9: 4, 10: 4 });
    server.engines = [{ engine: "8" }];
    await watched.round();
    assert.deepEqual(values(watched, "success"), { 8: 1 });
    assert.equal(server.asked.at(-1)?.rank, undefined);
  });

  it("labels its series like the server's own, including labels from its group", async () => {
    const watched = probeServer(target());
    await watched.round();
    const [success] = parseExposition(metricsPage([watched]))
      .flatMap(({ samples }) => samples)
      .filter(({ name }) => name === "vllm_canary_success");
    assert.deepEqual(success?.labels, { ...LABELS, model_name: "m", engine: "0" });
  });

  it("counts consecutive failures, and resets the count after a success", async () => {
    const watched = probeServer(target());
    const rounds: [behaviour: VllmStandIn["behaviour"][string], failures: number][] = [
      [500, 1],
      ["breaks off", 2],
      ["answers", 0],
      [500, 1],
      // A server that is down, a queue limit or a wrong key is not a hang.
      ["drops", 0],
      [500, 1],
      [503, 0],
      [500, 1],
      [404, 0],
    ];
    for (const [behaviour, failures] of rounds) {
      server.behaviour = { any: behaviour };
      await watched.round();
      assert.deepEqual(values(watched, "failures_in_a_row"), { 0: failures }, `${behaviour}`);
      assert.deepEqual(values(watched, "success"), { 0: Number(behaviour === "answers") });
    }
    assert.deepEqual(values(watched, "probes_total", "outcome"), {
      ok: 1,
      timeout: 0,
      http_5xx: 4,
      broken: 1,
      rejected: 1,
      refused: 1,
      http_4xx: 1,
    });
  });

  it("keeps probing the other ranks while one hangs, and sends no second probe to that one", async () => {
    server.engines = [{ engine: "0" }, { engine: "1" }];
    server.behaviour = { 0: "hangs" };
    const watched = probeServer(target());
    const first = watched.round();
    await server.askedFor(2);
    // The second round waits only for the healthy rank.
    await healthy(watched, 1);
    await watched.round();
    await watched.round();
    assert.deepEqual(server.asked.map(({ rank }) => rank).sort(), ["0", "1", "1", "1"]);
    assert.deepEqual(values(watched, "success"), { 1: 1 });
    await server.stop();
    await first;
    assert.deepEqual(values(watched, "success"), { 0: 0, 1: 1 });
    assert.deepEqual(watched.ranks.get("0")?.probes, { refused: 1 });
  });

  /** Resolves when the rank has the given number of successes. */
  const healthy = async (watched: ServerProbe, count: number) => {
    while ((watched.ranks.get("1")?.probes.ok ?? 0) < count) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  it("stays within its hourly budget, and probes first the ranks that waited longest", async () => {
    let time = 1_000_000;
    server.engines = [{ engine: "0" }, { engine: "1" }];
    const watched = probeServer(target({ requestsPerHour: 3 }), () => time);
    assert.deepEqual(values(watched, "budget_left", "instance"), { "gpu1:8000": 3 });
    await watched.round();
    assert.deepEqual(values(watched, "budget_left", "instance"), { "gpu1:8000": 1 });
    time += 30;
    await watched.round();
    assert.deepEqual(server.asked.map(({ rank }) => rank).sort(), ["0", "0", "1"]);
    assert.deepEqual(values(watched, "budget_left", "instance"), { "gpu1:8000": 0 });
    time += 3569;
    await watched.round();
    assert.equal(server.asked.length, 3);
    // The last result stays, so that an alert does not resolve because of missing probes.
    assert.deepEqual(values(watched, "success"), { 0: 1, 1: 1 });
    time += 1;
    await watched.round();
    assert.deepEqual(
      server.asked.slice(3).map(({ rank }) => rank),
      ["1", "0"],
    );
  });

  it("sends no probes to a sleeping rank, and exposes no result for it", async () => {
    const watched = probeServer(target());
    await watched.round();
    server.engines = [{ engine: "0", awake: false }];
    await watched.round();
    assert.equal(server.asked.length, 1);
    assert.deepEqual(values(watched, "success"), {});
    assert.deepEqual(values(watched, "failures_in_a_row"), {});
  });

  it("keeps the ranks that it knows while the metrics page does not answer", async () => {
    server.engines = [{ engine: "0" }, { engine: "1" }];
    const watched = probeServer(target());
    await watched.round();
    server.engines = undefined;
    await watched.round();
    assert.deepEqual(server.asked.map(({ rank }) => rank).sort(), ["0", "0", "1", "1"]);
  });

  it("treats a server that shows no ranks as a single rank, with the model that it lists", async () => {
    server.engines = undefined;
    const watched = probeServer(target());
    await watched.round();
    assert.equal(server.asked[0]?.rank, undefined);
    assert.equal(server.asked[0]?.body.model, "m");
    assert.deepEqual(values(watched, "success"), { 0: 1 });
    assert.deepEqual(values(watched, "success", "model_name"), { m: 1 });
  });

  it("reports health and models separately from completions", async () => {
    server.status = { "/health": 503, "/v1/models": 200 };
    const watched = probeServer(target());
    await watched.round();
    assert.deepEqual(values(watched, "endpoint_success", "endpoint"), {
      "/health": 0,
      "/v1/models": 1,
    });
    assert.deepEqual(values(watched, "success"), { 0: 1 });
  });

  it("reports that a server with only a metrics page has no completions", async () => {
    server.status = {};
    server.behaviour = { any: 404 };
    const watched = probeServer(target());
    await watched.round();
    assert.deepEqual(values(watched, "endpoint_success", "endpoint"), {
      "/health": 0,
      "/v1/models": 0,
    });
    assert.deepEqual(values(watched, "success"), { 0: 0 });
    assert.equal(values(watched, "probes_total", "outcome").http_4xx, 1);
  });

  it("exposes latencies of successes only, and the time of the last success", async () => {
    const watched = probeServer(target(), () => 1_000_000);
    await watched.round();
    assert.ok((values(watched, "time_to_first_token_seconds")["0"] ?? 0) > 0);
    assert.ok((values(watched, "duration_seconds")["0"] ?? 0) > 0);
    server.behaviour = { any: 500 };
    await watched.round();
    assert.deepEqual(values(watched, "time_to_first_token_seconds"), {});
    assert.deepEqual(values(watched, "inter_token_latency_seconds"), {});
    assert.deepEqual(values(watched, "duration_seconds"), {});
    assert.deepEqual(values(watched, "last_success_timestamp_seconds"), { 0: 1_000_000 });
  });

  it("reads its key again at each probe", async () => {
    const folder = mkdtempSync(join(tmpdir(), "canary-"));
    try {
      const apiKeyFile = join(folder, "key");
      server.key = "new";
      writeFileSync(apiKeyFile, "old\n");
      const watched = probeServer(target({ apiKeyFile }));
      await watched.round();
      assert.deepEqual(values(watched, "success"), { 0: 0 });
      writeFileSync(apiKeyFile, "new\n");
      await watched.round();
      assert.deepEqual(values(watched, "success"), { 0: 1 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
