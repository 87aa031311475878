import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { routerMetrics } from "../../../vllm/exporters/router.ts";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import { clientTruth } from "../../../lab/simulator/clientTruth.ts";
import type { ScenarioName } from "../../../lab/simulator/scenarios.ts";
import { allMetrics, exposedBy, familyName, metrics } from "../../../vllm/index.ts";
import { fleetOf, fleetPage, sampleTotal, sampleValues } from "./pages.ts";

/** A scenario's fleet at a time, and the truth from `from` until then. */
function at(seconds: number, scenario: ScenarioName, from = 0) {
  const fleet = fleetOf({ scenario });
  fleet.advance(seconds);
  return { fleet, truth: fleet.truth("a", from, seconds) };
}

describe("the scenario", () => {
  it("steady: almost no queue", () => {
    const { truth } = at(120, "steady", 30);
    assert.ok((truth.level(metrics.requestsRunning)?.mean ?? 0) > 10);
    assert.ok((truth.level(metrics.requestsWaiting)?.mean ?? 9) < 1);
    assert.ok((truth.quantile(0.99, metrics.timeToFirstToken) ?? 9) < 0.5);
    assert.equal(truth.count(metrics.preemptions), 0);
  });

  it("burst: a queue only during bursts", () => {
    const { fleet, truth } = at(120, "burst", 50);
    const waiting = (from: number, to: number) =>
      fleet.truth("a", from, to).level(metrics.requestsWaiting)?.max ?? NaN;
    assert.ok(waiting(60, 75) > 15);
    assert.ok(waiting(100, 120) < 3);
    const arrivals = (from: number, to: number) =>
      fleet.truth("a", from, to).rate(clientTruth.arrivals);
    assert.ok(arrivals(60, 75) > 3 * arrivals(75, 120));
    assert.equal(truth.count(clientTruth.refused), 0);
  });

  it("saturated: a long queue, and clients that give up", () => {
    const { truth } = at(120, "saturated", 60);
    assert.ok((truth.level(metrics.requestsWaiting)?.mean ?? 0) > 100);
    assert.ok((truth.quantile(0.5, metrics.queueTime) ?? 0) > 20);
    assert.ok(truth.count(clientTruth.withoutToken) > 50);
    assert.ok(truth.count(clientTruth.disconnects) >= truth.count(clientTruth.withoutToken));
  });

  it("preempting: a full KV cache", () => {
    const { truth } = at(120, "preempting");
    assert.ok((truth.level(metrics.kvCacheUsage)?.max ?? 0) > 0.99);
    assert.ok((truth.level(metrics.kvCacheUsage)?.max ?? 2) <= 1);
    assert.ok(truth.count(metrics.preemptions) > 20);
    assert.ok((truth.quantile(1, metrics.requestPreemptions) ?? 0) >= 2);
  });

  it("prefixHeavy: most prompt tokens are in the cache; in other scenarios, less than a quarter", () => {
    const share = (scenario: ScenarioName) => {
      const { truth } = at(60, scenario);
      return truth.count(metrics.prefixCacheHits) / truth.count(metrics.prefixCacheQueries);
    };
    assert.ok(share("prefixHeavy") > 0.65);
    assert.ok(share("steady") < 0.25);
  });

  it("prefixHeavy: blocks are reused, and are evicted only after they have been idle", () => {
    const { truth } = at(120, "prefixHeavy");
    assert.ok(truth.count(metrics.kvBlockReuseGap) > 100);
    assert.ok(truth.count(metrics.kvBlockLifetime) > 10);
    assert.ok(
      (truth.mean(metrics.kvBlockLifetime) ?? 0) >
        (truth.mean(metrics.kvBlockIdleBeforeEviction) ?? 9),
    );
  });

  it("sharedCache: some blocks that the local cache lacks come from other servers", () => {
    const { truth } = at(120, "sharedCache");
    const external = truth.count(metrics.externalPrefixCacheHits);
    assert.ok(external > 0);
    assert.equal(truth.count(metrics.promptTokensCachedBySource, { source: "p2p" }), external);
    assert.equal(at(60, "steady").truth.count(metrics.externalPrefixCacheQueries), 0);
  });

  it("speculative: later positions are accepted less often, and a step yields several tokens", () => {
    const { truth } = at(60, "speculative");
    const accepted = ["0", "1", "2", "3"].map((position) =>
      truth.count(metrics.acceptedTokensByPosition, { position }),
    );
    const drafts = truth.count(metrics.drafts);
    assert.equal(truth.count(metrics.draftTokens), 4 * drafts);
    assert.equal(
      accepted.reduce((sum, one) => sum + one, 0),
      truth.count(metrics.acceptedTokens),
    );
    accepted.forEach((count, position) => {
      assert.ok(Math.abs(count / drafts - 0.72 ** (position + 1)) < 0.03, `position ${position}`);
    });
    assert.ok(truth.count(metrics.generationTokens) > 2 * truth.count(metrics.interTokenLatency));
  });

  it("lora: lists of adapters with the time at which they were last seen", () => {
    const { fleet } = at(60, "lora");
    const family = fleetPage(fleet).find(({ name }) => name === "vllm:lora_requests_info");
    assert.ok(family && family.samples.length > 5);
    for (const { labels, value } of family.samples) {
      assert.equal(labels.max_lora, "3");
      assert.match(labels.running_lora_adapters ?? "?", /^(lora-[abc](,lora-[abc]){0,2})?$/);
      assert.ok(value > fleet.epoch && value <= fleet.epoch + 60);
    }
  });

  it("sleeping: asleep and idle, then awake and working", () => {
    const fleet = fleetOf({ scenario: "sleeping" });
    const state = (sleep_state: string) =>
      sampleTotal(fleetPage(fleet), "vllm:engine_sleep_state", { sleep_state });
    fleet.advance(59);
    assert.deepEqual(["awake", "weights_offloaded", "discard_all"].map(state), [1, 0, 0]);
    fleet.advance(299);
    assert.deepEqual(["awake", "weights_offloaded", "discard_all"].map(state), [0, 1, 0]);
    const asleep = fleet.truth("a", 150, 299);
    assert.equal(asleep.count(clientTruth.arrivals), 0);
    assert.equal(asleep.value(metrics.requestsRunning), 0);
    fleet.advance(330);
    assert.deepEqual(["awake", "weights_offloaded", "discard_all"].map(state), [1, 0, 0]);
    assert.ok(fleet.truth("a", 301, 330).count(metrics.generationTokens) > 1000);
    assert.equal(
      sampleTotal(fleetPage(fleet), "vllm:sleep_mode_operation_duration_seconds_count"),
      2,
    );
  });

  it("stalled: requests are waiting and running, but nothing progresses", () => {
    const { fleet, truth } = at(200, "stalled", 60);
    assert.ok((truth.value(metrics.requestsWaiting) ?? 0) > 50);
    assert.ok((truth.value(metrics.requestsRunning) ?? 0) > 20);
    for (const metric of [
      metrics.iterationTokens,
      metrics.requestsFinished,
      metrics.generationTokens,
    ])
      assert.equal(truth.count(metric), 0, metric.name);
    assert.equal(
      truth.value(metrics.requestsWaiting),
      truth.value(metrics.requestsWaiting, {}, 61),
    );
    assert.ok(truth.count(clientTruth.withoutToken) > 100, "clients give up");
    fleet.apply("a", { do: "resume" });
    fleet.advance(230);
    assert.ok(fleet.truth("a", 200, 230).count(metrics.generationTokens) > 1000);
  });

  it("abandoned: gauges keep their values without any requests", () => {
    const { truth } = at(600, "abandoned", 61);
    assert.ok((truth.value(metrics.requestsRunning) ?? 0) > 3);
    assert.equal(truth.count(clientTruth.arrivals), 0);
    assert.equal(truth.count(metrics.iterationTokens), 0);
  });

  it("jammed: requests wait for capacity while the KV cache is empty", () => {
    const { truth } = at(180, "jammed", 120);
    assert.ok((truth.value(metrics.requestsWaitingByReason, { reason: "capacity" }) ?? 0) > 100);
    assert.equal(truth.value(metrics.requestsRunning), 0);
    assert.equal(truth.value(metrics.kvCacheUsage), 0);
  });

  it("erroring: errors count as finished requests and as HTTP 500", () => {
    const { truth } = at(120, "erroring");
    const failed = truth.count(metrics.requestsFinished, { finished_reason: "error" });
    const share = failed / truth.count(metrics.requestsFinished);
    assert.ok(share > 0.1 && share < 0.2, `${share}`);
    assert.ok(truth.count(metrics.httpRequests, { status: "5xx" }) > 0.9 * failed);
    assert.ok(truth.count(metrics.httpRequests, { status: "4xx" }) > 5);
  });

  it("rejecting: requests above the limit are rejected with HTTP 503", () => {
    const { truth } = at(120, "rejecting");
    const rejected = truth.count(metrics.admissionRejections, { reason: "max_num_queued_reqs" });
    assert.ok(rejected > 100);
    assert.equal(truth.count(metrics.httpRequests, { status: "5xx" }), rejected);
    const [waiting, running] = [metrics.requestsWaiting, metrics.requestsRunning];
    for (let second = 1; second <= 120; second++) {
      const all = [waiting, running].map((metric) => truth.value(metric, {}, second) ?? NaN);
      assert.ok((all[0] ?? NaN) + (all[1] ?? NaN) <= 40, `${all.join(" + ")} at ${second}`);
    }
  });

  it("embedding: requests are answered, and no token is generated", () => {
    const { truth } = at(60, "embedding");
    assert.ok(truth.count(metrics.requestsFinished, { finished_reason: "stop" }) > 400);
    assert.equal(truth.count(metrics.generationTokens), 0);
    assert.equal(truth.sum(metrics.requestGenerationTokens), 0);
    assert.ok(truth.count(metrics.promptTokens) > 0);
    assert.ok(
      truth.count(metrics.httpRequests, { handler: "/v1/embeddings", status: "2xx" }) > 400,
    );
  });

  it("dead: refuses connections, and its gauges have no value", () => {
    const { fleet, truth } = at(90, "dead", 60);
    assert.equal(fleet.exposition("a"), undefined);
    assert.equal(truth.value(metrics.requestsRunning), undefined);
    assert.equal(truth.count(clientTruth.refused), truth.count(clientTruth.arrivals));
    assert.ok(truth.count(clientTruth.arrivals) > 50);
  });

  it("restarting: counts from 0 again, with new creation times", () => {
    const fleet = fleetOf({ scenario: "restarting" });
    const counted = () => sampleTotal(fleetPage(fleet), "vllm:generation_tokens_total") ?? NaN;
    const started = () =>
      (sampleTotal(fleetPage(fleet), "process_start_time_seconds") ?? NaN) - fleet.epoch;
    fleet.advance(59);
    const [before, first] = [counted(), started()];
    fleet.advance(79);
    assert.equal(fleet.exposition("a"), undefined);
    fleet.advance(81);
    assert.ok(counted() < before);
    assert.deepEqual([first, started()], [0, 80]);
    assert.equal(
      (sampleTotal(fleetPage(fleet), "vllm:generation_tokens_created") ?? NaN) - fleet.epoch,
      80,
    );
    assert.ok(fleet.truth("a", 0, 81).count(metrics.generationTokens) > before);
  });

  it("idle: all metrics exist, with the value 0", () => {
    const { fleet } = at(60, "idle");
    const families = fleetPage(fleet);
    assert.equal(sampleTotal(families, "vllm:generation_tokens_total"), 0);
    assert.equal(sampleTotal(families, "vllm:num_requests_running"), 0);
  });

  it("old: exactly the names of its release", () => {
    const { fleet } = at(60, "old");
    const exposed = fleetPage(fleet).map(({ name }) => name);
    const known = exposedBy("0.8");
    for (const name of exposed.filter((name) => !name.endsWith("_created"))) {
      assert.ok(
        known.some((metric) => familyName(metric) === name),
        name,
      );
    }
    // The metrics of the V1 engine that need no flag.
    const expected = known.filter(({ name, enabledBy }) => name.startsWith("vllm:") && !enabledBy);
    assert.ok(expected.length > 20);
    for (const metric of expected) assert.ok(exposed.includes(familyName(metric)), metric.name);
    assert.ok(
      (sampleTotal(fleetPage(fleet), "vllm:time_per_output_token_seconds_count") ?? 0) > 1000,
    );
    const newer = allMetrics.filter((metric) => !known.includes(metric)).map(familyName);
    assert.deepEqual(
      exposed.filter((name) => newer.includes(name)),
      [],
    );
  });

  it("renaming release: both names with the same value; earlier releases: only the old name", () => {
    const usage = (version: "0.9" | "0.10" | "0.12") => {
      const fleet = fleetOf({ version });
      fleet.advance(20);
      const [former, now] = ["vllm:gpu_cache_usage_perc", "vllm:kv_cache_usage_perc"].map((name) =>
        sampleTotal(fleetPage(fleet), name),
      );
      const truth = fleet.truth("a", 0, 20).value(metrics.kvCacheUsage);
      return [former, now].map((value) => value !== undefined && value === truth);
    };
    assert.deepEqual(usage("0.9"), [true, false]);
    assert.deepEqual(usage("0.10"), [true, true]);
    assert.deepEqual(usage("0.12"), [false, true]);
  });

  it("dataParallel: one of two engines can hang while the other works", () => {
    const fleet = fleetOf({ scenario: "dataParallel" });
    fleet.advance(60);
    fleet.apply("a", { do: "hang", rank: 1 });
    fleet.advance(90);
    const steps = ["0", "1"].map((engine) =>
      fleet.truth({ engine }, 60, 90).count(metrics.iterationTokens),
    );
    assert.ok((steps[0] ?? 0) > 100);
    assert.equal(steps[1], 0);
    assert.ok((fleet.truth({ engine: "1" }, 60, 90).value(metrics.requestsRunning) ?? 0) > 0);
  });

  it("dataParallel: two engines in one server, with similar load", () => {
    const { fleet, truth } = at(90, "dataParallel");
    const tokens = ["0", "1"].map((engine) => truth.count(metrics.generationTokens, { engine }));
    assert.ok(Math.min(...tokens) > 0.8 * Math.max(...tokens));
    assert.equal(
      sampleTotal(fleetPage(fleet), "vllm:generation_tokens_total"),
      truth.count(metrics.generationTokens),
    );
  });

  it("extras: the metrics that few servers have and that other servers do not", () => {
    const exposed = (scenario: ScenarioName) =>
      fleetPage(at(60, scenario).fleet).map(({ name }) => name.replace(/_created$|_total$/, ""));
    const usual = exposed("steady");
    const known = [
      ...[metrics.toolCallParserInvocations, metrics.corruptedRequests, metrics.watermarkRequests],
      ...[metrics.webSockets, metrics.webSocketsActive, metrics.webSocketDuration],
      ...[metrics.weightUpdateDuration, metrics.weightUpdatesInFlight],
      ...[metrics.denoisingSteps, metrics.canvasPositions, metrics.committedTokens],
    ];
    assert.deepEqual(
      [...new Set(exposed("extras").filter((name) => !usual.includes(name)))].sort(),
      known.map(({ name }) => name).sort(),
    );
  });

  it("extras: a weight update of three seconds every ten seconds, and connections that end", () => {
    const { truth } = at(95, "extras", -1);
    assert.equal(truth.count(metrics.weightUpdateDuration), 10);
    assert.ok(Math.abs((truth.mean(metrics.weightUpdateDuration) ?? 0) - 3) < 0.01);
    const open = truth.value(metrics.webSocketsActive) ?? NaN;
    assert.equal(
      truth.count(metrics.webSockets) - truth.count(metrics.webSocketDuration),
      open,
      `${open} are open`,
    );
  });

  it("apiServers: no process metrics, and no creation times", () => {
    const names = (scenario: ScenarioName) =>
      fleetPage(at(30, scenario).fleet).map(({ name }) => name);
    const left = names("steady").filter((name) => !/^(process|python)_|_created$/.test(name));
    assert.deepEqual(names("apiServers"), left);
  });

  it("router: some of the engines' metric names, distinguished by their labels", () => {
    const fleet = createFleet({
      seed: 1,
      servers: [
        { name: "a", model: "m" },
        { name: "b", model: "m", scenario: "dead" },
      ],
      routers: [{ name: "router", servers: ["a", "b"] }],
    });
    fleet.advance(90);
    const families = fleetPage(fleet, "router");
    const running = sampleValues(families).get(
      'vllm:num_requests_running{"server":"http://a:8000"}',
    );
    const truth = fleet.truth("a", 0, 90);
    assert.ok(Math.abs((running ?? 0) - (truth.value(metrics.requestsRunning) ?? 0)) <= 2);
    assert.equal(sampleTotal(families, "vllm:num_requests_waiting"), undefined);
    assert.equal(sampleTotal(families, routerMetrics.healthy.name), 1);
    const finished = fleet.truth({ model: "m" }, 0, 90).count(metrics.requestNParameter);
    assert.equal(sampleTotal(families, "vllm:num_incoming_requests_total"), finished);
    assert.equal(sampleTotal(families, "vllm:request_latency_seconds_count"), finished);
    assert.ok(
      families.flatMap(({ samples }) => samples).every(({ labels }) => !("engine" in labels)),
    );
  });
});
