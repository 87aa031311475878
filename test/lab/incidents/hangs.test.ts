/** Recordings of engines that hang: what their pages show, and what their clients saw. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readIncident, totalsOf } from "../../../lab/incidents/timeline.ts";
import { type Family, parseExposition } from "../../../vllm/exposition.ts";
import { answeredBetween, eventAt, samplesOf, sumOf, valuesOf } from "./pages.ts";

describe("hung-rank", () => {
  const incident = readIncident("hung-rank");
  const stopped = eventAt(incident, "SIGSTOP");
  const hung = incident.requests.filter(({ outcome }) => outcome === "hung");

  it("has a client that waits for vLLM's own timeout of 300 s", () => {
    assert.ok(hung.length >= 1);
    const [first] = hung;
    assert.ok(first && first.sent > stopped);
    assert.equal(Math.round(first.end - first.sent), 300);
  });

  it("does not change rank 0, and rank 1 answers all other requests", () => {
    const pages = answeredBetween(incident, stopped, (hung[0]?.end ?? 0) - 5);
    const [before, after] = [pages.at(0), pages.at(-1)];
    assert.ok(before && after);
    const moved = (engine: string, name: string) =>
      sumOf(after, name, { engine }) - sumOf(before, name, { engine });
    const names = new Set(before.flatMap(({ samples }) => samples.map(({ name }) => name)));
    for (const name of names) {
      if (name.startsWith("vllm:")) assert.equal(moved("0", name), 0, name);
    }
    const answered = incident.requests.filter(
      ({ outcome, sent }) => outcome === "answered" && sent > stopped,
    );
    assert.equal(moved("1", "vllm:request_success_total"), answered.length);
  });

  it("does not count HTTP requests before they end", () => {
    const page = answeredBetween(incident, stopped, hung[0]?.end ?? 0).at(-1);
    assert.ok(page);
    assert.equal(
      sumOf(page, "http_requests_total", { handler: "/v1/completions" }),
      totalsOf(incident.requests).answered,
    );
  });
});

describe("hung-rank-0.11", () => {
  const incident = readIncident("hung-rank-0.11");
  const stopped = eventAt(incident, "SIGSTOP");

  it("answers no request after one rank's engine core stops, and no vLLM series changes", () => {
    const later = incident.requests.filter(({ sent }) => sent > stopped);
    assert.equal(later.length, 58);
    assert.ok(later.every(({ outcome }) => outcome === "hung"));
    const pages = answeredBetween(incident, stopped, 500);
    const [before, after] = [pages.at(0), pages.at(-1)];
    assert.ok(before && after);
    for (const { name } of before) {
      if (name.startsWith("vllm:")) {
        assert.equal(valuesOf(after, name), valuesOf(before, name), name);
      }
    }
  });
});

describe("hung-rank-bursts", () => {
  const incident = readIncident("hung-rank-bursts");
  const stopped = eventAt(incident, "SIGSTOP");
  const hung = incident.requests.filter(({ outcome }) => outcome === "hung");

  it("hangs half of the first twelve requests, and fewer in each later burst", () => {
    const bursts = Map.groupBy(
      incident.requests.filter(({ sent }) => sent > stopped),
      ({ sent }) => Math.round(sent),
    );
    const [first, ...others] = [...bursts.values()].map(
      (requests) => requests.filter(({ outcome }) => outcome === "hung").length,
    );
    assert.equal(first, 6);
    assert.ok(others.every((count) => count < 6));
  });

  it("shows no request on rank 0 while requests hang", () => {
    const [first] = hung;
    assert.ok(first);
    for (const page of answeredBetween(incident, first.sent, first.end - 5)) {
      for (const name of ["vllm:num_requests_running", "vllm:num_requests_waiting"]) {
        assert.equal(sumOf(page, name, { engine: "0" }), 0);
      }
    }
  });
});

describe("hung-engine", () => {
  const incident = readIncident("hung-engine");
  const stopped = eventAt(incident, "SIGSTOP");
  const hung = incident.requests.filter(({ outcome }) => outcome === "hung");
  const pages = answeredBetween(incident, stopped, Infinity);
  const [before, after] = [pages.at(0), pages.at(-1)];
  assert.ok(before && after);

  it("answers every scrape, and no request that came after the stop", () => {
    assert.ok(incident.scrapes.every(({ page }) => page !== undefined));
    assert.deepEqual(
      incident.requests.filter(({ sent, outcome }) => sent > stopped && outcome !== "hung"),
      [],
    );
    assert.ok(hung.length > 250);
  });

  it("shows the hung requests in no vLLM series and no HTTP series", () => {
    for (const { name } of before) {
      if (!/^(vllm:|http_)/.test(name)) continue;
      assert.equal(valuesOf(after, name), valuesOf(before, name), name);
    }
  });

  it("has open files for the hung requests", () => {
    const grown = sumOf(after, "process_open_fds") - sumOf(before, "process_open_fds");
    const since = hung.filter(({ sent }) => sent > stopped + 5).length;
    assert.ok(grown >= since - 5, `${grown} more files for ${since} requests`);
  });
});

describe("hung-engine-2-api-servers", () => {
  const incident = readIncident("hung-engine-2-api-servers");
  const stopped = eventAt(incident, "SIGSTOP");
  const canaryAt = (at: number) => {
    const page = parseExposition(incident.scrapes.findLast((one) => one.at <= at)?.canary ?? "");
    const probes = (outcome: string) => sumOf(page, "vllm_canary_probes_total", { outcome });
    return {
      ...{ ok: probes("ok"), timeout: probes("timeout") },
      failuresInARow: sumOf(page, "vllm_canary_failures_in_a_row"),
      health: sumOf(page, "vllm_canary_endpoint_success", { endpoint: "/health" }),
    };
  };

  it("changes no vLLM series, and its page has no count of open files", () => {
    // The clients disconnect at the end.
    const pages = answeredBetween(incident, stopped, 390);
    const [before, after] = [pages.at(0), pages.at(-1)];
    assert.ok(before && after);
    for (const { name } of before) {
      if (name.startsWith("vllm:")) {
        assert.equal(valuesOf(after, name), valuesOf(before, name), name);
      }
    }
    assert.equal(samplesOf(after, "process_open_fds").length, 0);
    assert.equal(totalsOf(incident.requests).hung, 266);
    // The canary disconnects after its timeout, and vLLM counts that as an HTTP request with status 200.
    const completions = { handler: "/v1/completions", status: "2xx" };
    const ended = (page: Family[]) => sumOf(page, "http_requests_total", completions);
    assert.equal(ended(after) - ended(before), 9);
  });

  it("is detected by the canary: every probe after the stop times out", () => {
    const healthy = { ok: 4, timeout: 0, failuresInARow: 0, health: 1 };
    assert.deepEqual(canaryAt(stopped + 5), healthy);
    assert.deepEqual(canaryAt(stopped + 45), healthy);
    assert.deepEqual(canaryAt(stopped + 55), { ok: 4, timeout: 1, failuresInARow: 1, health: 1 });
    assert.deepEqual(canaryAt(stopped + 85), { ok: 4, timeout: 2, failuresInARow: 2, health: 1 });
    assert.deepEqual(canaryAt(Infinity), { ok: 4, timeout: 9, failuresInARow: 9, health: 1 });
  });
});
