/**
 * Compares the simulator with recordings of real servers: their pages after the same events. If a test
 * fails here, the simulator is wrong, and tests that use it prove nothing.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readIncident } from "../../../lab/incidents/timeline.ts";
import { type Family, parseExposition } from "../../../vllm/exposition.ts";
import { fleetOf, fleetPage, sampleTotal } from "./pages.ts";

/** Requests like those of the recordings: all valid, with one answer each, read to the end. */
const PLAIN = { invalid: 0, twoAnswers: 0, disconnects: 0 };

describe("a fresh server with two ranks and two API servers", () => {
  const fleet = fleetOf({ ...{ engines: 2, apiServers: 2 }, workload: { rate: 0 } });
  fleet.advance(60);

  it("has the same vLLM series as the recorded server, and no others", () => {
    const real = pagesOf("fresh-idle").at(0) ?? [];
    assert.deepEqual(seriesOf(fleetPage(fleet)), seriesOf(real));
  });

  it("has the request and cache gauges after the first request", () => {
    const busy = fleetOf({ ...{ engines: 2, apiServers: 2 }, workload: { rate: 2 } });
    busy.advance(60);
    const real = pagesOf("hung-rank").at(5) ?? [];
    assert.deepEqual(seriesOf(fleetPage(busy)), seriesOf(real));
  });
});

describe("an engine that hangs with its clients waiting", () => {
  // As in the recording: a load of one request per second, and the engine stops at 90 s.
  const changes = [{ at: 90, do: "hang" } as const];
  const fleet = fleetOf({ changes, workload: { ...PLAIN, rate: 1, patience: 600 } });
  fleet.advance(95);
  const fake = [fleetPage(fleet)];
  fleet.advance(390);
  fake.push(fleetPage(fleet));
  const { scrapes } = readIncident("hung-engine");
  const real = [95, 390].map((time) =>
    parseExposition(scrapes.find(({ at }) => Math.round(at) === time)?.page ?? ""),
  );

  it("changes the same metric families", () => {
    const moved = ([before = [], after = []]: Family[][]) =>
      before
        .filter(({ name, samples }, index) => {
          const later = after[index]?.samples ?? [];
          // Python's memory and garbage collector metrics have nothing to do with vLLM.
          if (/^(python_|process_(cpu|virtual|resident))/.test(name)) return false;
          return samples.some(({ value }, one) => value !== later[one]?.value);
        })
        .map(({ name }) => name);
    assert.deepEqual(moved(real), ["process_open_fds"]);
    assert.deepEqual(moved(fake), moved(real));
  });
});

describe("clients that drop their streams after the first token", () => {
  const changes = [{ at: 120, do: "load", factor: 0 } as const];
  const fleet = fleetOf({
    ...{
      changes,
      workload: { ...PLAIN, rate: 2, disconnects: 0.9, output: { median: 600, spread: 0.1 } },
    },
  });
  fleet.advance(400);
  const pages = { recorded: pagesOf("abort-storm").at(-1) ?? [], simulated: fleetPage(fleet) };

  for (const [name, families] of Object.entries(pages)) {
    it(`are not counted as finished, but as first tokens and HTTP requests (${name})`, () => {
      const count = (metric: string, labels = {}) => sampleTotal(families, metric, labels) ?? 0;
      const finished = count("vllm:request_success_total");
      const begun = count("vllm:time_to_first_token_seconds_count");
      assert.equal(count("vllm:request_success_total", { finished_reason: "abort" }), 0);
      assert.ok(begun - finished > 100);
      assert.equal(count("http_requests_total", { status: "2xx" }), begun);
      assert.equal(count("vllm:e2e_request_latency_seconds_count"), finished);
    });
  }
});

describe("requests beyond the queue's limit", () => {
  const fleet = fleetOf({
    ...{ maxQueued: 8, engine: { maxRunning: 4 }, workload: { rate: 8 } },
  });
  fleet.advance(200);
  const pages = { recorded: pagesOf("queue-limit").at(-1) ?? [], simulated: fleetPage(fleet) };

  for (const [name, families] of Object.entries(pages)) {
    it(`count as rejections and HTTP server errors, but not as engine errors (${name})`, () => {
      const count = (metric: string, labels = {}) => sampleTotal(families, metric, labels) ?? 0;
      const errors = count("http_requests_total", { status: "5xx" });
      const rejections = count("vllm:admission_rejections_total");
      assert.ok(errors > 100);
      // In the recording, some rejections came after HTTP 200, when several requests arrived at once.
      assert.ok(errors <= rejections && rejections < 1.05 * errors);
      assert.equal(count("vllm:request_success_total", { finished_reason: "error" }), 0);
    });
  }
});

/** Two ranks with only single requests at a time. */
describe("two ranks with less load than one rank could handle", () => {
  const fleet = fleetOf({ engines: 2, workload: { rate: 0.5 } });
  fleet.advance(600);

  it("each get an equal share of the requests", () => {
    const before = readIncident("hung-rank").scrapes.find(({ at }) => at >= 60)?.page ?? "";
    for (const families of [parseExposition(before), fleetPage(fleet)]) {
      const finished = (engine: string) => sampleTotal(families, REQUESTS, { engine }) ?? 0;
      const share = finished("0") / (finished("0") + finished("1"));
      assert.ok(share > 0.4 && share < 0.6, `${share}`);
    }
  });
});

const REQUESTS = "vllm:request_success_total";

function pagesOf(name: string): Family[][] {
  return readIncident(name).scrapes.flatMap(({ page }) =>
    page === undefined ? [] : [parseExposition(page)],
  );
}

/** vLLM's series without buckets, which depend on the model's maximum length. */
function seriesOf(families: readonly Family[]): string[] {
  return families
    .flatMap(({ samples }) => samples)
    .filter(({ name }) => name.startsWith("vllm:") && !name.endsWith("_bucket"))
    .map(({ name, labels }) => {
      const known = Object.entries(labels).filter(([label]) => label !== "model_name");
      // The labels of this series are cache sizes.
      return name === "vllm:cache_config_info" ? name : `${name}${JSON.stringify(known)}`;
    })
    .sort();
}
