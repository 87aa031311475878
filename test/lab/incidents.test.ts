/**
 * What vLLM's pages say in each recorded incident, beside what its clients saw. Where vLLM counts a thing,
 * both agree to the request; where it does not, the test says so.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Incident, readIncident, totalsOf } from "../../lab/incidents/timeline.ts";
import { type Family, parseExposition } from "../../vllm/exposition.ts";

describe("fresh-idle", () => {
  const { scrapes } = readIncident("fresh-idle");
  const pages = scrapes.map(({ page }) => parseExposition(page ?? ""));

  it("is scraped for seven minutes without a failure", () => {
    assert.equal(scrapes.length, 85);
    assert.deepEqual(
      scrapes.filter(({ failure }) => failure !== undefined),
      [],
    );
  });

  it("has no gauge of requests or of the cache on any page", () => {
    for (const page of pages) {
      for (const name of ["num_requests_running", "num_requests_waiting", "kv_cache_usage_perc"]) {
        assert.equal(samplesOf(page, `vllm:${name}`).length, 0, name);
      }
    }
  });

  it("has the sleep state, the finished requests and the cache's configuration on each page", () => {
    for (const page of pages) {
      assert.equal(samplesOf(page, "vllm:engine_sleep_state").length, 2 * 3);
      assert.equal(samplesOf(page, "vllm:request_success_total").length, 2 * 5);
      assert.equal(samplesOf(page, "vllm:cache_config_info").length, 2);
    }
  });
});

describe("hung-rank", () => {
  const incident = readIncident("hung-rank");
  const stopped = eventAt(incident, "SIGSTOP");
  const hung = incident.requests.filter(({ outcome }) => outcome === "hung");

  it("has a client that waits until vLLM's own timeout of 300 s", () => {
    assert.ok(hung.length >= 1);
    const [first] = hung;
    assert.ok(first && first.sent > stopped);
    assert.equal(Math.round(first.end - first.sent), 300);
  });

  it("leaves rank 0 as it was, and rank 1 answers all others", () => {
    const pages = answeredBetween(incident, stopped, (hung[0]?.end ?? 0) - 5);
    const [before, after] = [pages.at(0), pages.at(-1)];
    assert.ok(before && after);
    const moved = (engine: string, name: string) =>
      sumOf(after, name, { engine }) - sumOf(before, name, { engine });
    for (const { name } of before) {
      if (name.startsWith("vllm:")) assert.equal(moved("0", name), 0, name);
    }
    const answered = incident.requests.filter(
      ({ outcome, sent }) => outcome === "answered" && sent > stopped,
    );
    assert.equal(moved("1", "vllm:request_success_total"), answered.length);
  });

  it("is in no count of HTTP requests before they end", () => {
    const page = answeredBetween(incident, stopped, hung[0]?.end ?? 0).at(-1);
    assert.ok(page);
    assert.equal(
      sumOf(page, "http_requests_total", { handler: "/v1/completions" }),
      totalsOf(incident.requests).answered,
    );
  });
});

/** Pages that were scraped in this time. */
function answeredBetween({ scrapes }: Incident, from: number, to: number): Family[][] {
  return scrapes
    .filter(({ at, page }) => at >= from && at <= to && page !== undefined)
    .map(({ page }) => parseExposition(page ?? ""));
}

function eventAt({ events }: Incident, what: Incident["events"][number]["what"]): number {
  const event = events.find((one) => one.what === what);
  assert.ok(event, `There is no event "${what}".`);
  return event.at;
}

function samplesOf(page: readonly Family[], name: string) {
  return page.flatMap(({ samples }) => samples.filter((sample) => sample.name === name));
}

/** The sum of the series of this name with these labels; of a histogram, of all that it consists of. */
function sumOf(page: readonly Family[], name: string, labels: Record<string, string> = {}): number {
  return page
    .filter((family) => family.name === name || `${family.name}_total` === name)
    .flatMap(({ samples }) => samples)
    .filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}
