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
    const names = new Set(before.flatMap(({ samples }) => samples.map(({ name }) => name)));
    for (const name of names) {
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

describe("hung-engine", () => {
  const incident = readIncident("hung-engine");
  const stopped = eventAt(incident, "SIGSTOP");
  const hung = incident.requests.filter(({ outcome }) => outcome === "hung");
  const pages = answeredBetween(incident, stopped, Infinity);
  const [before, after] = [pages.at(0), pages.at(-1)];
  assert.ok(before && after);

  it("answers every scrape, and nobody who asked after the stop", () => {
    assert.ok(incident.scrapes.every(({ page }) => page !== undefined));
    assert.deepEqual(
      incident.requests.filter(({ sent, outcome }) => sent > stopped && outcome !== "hung"),
      [],
    );
    assert.ok(hung.length > 250);
  });

  it("says of the requests that hang nothing in any series of vLLM or of HTTP", () => {
    for (const { name } of before) {
      if (!/^(vllm:|http_)/.test(name)) continue;
      assert.equal(valuesOf(after, name), valuesOf(before, name), name);
    }
  });

  it("has open files for them", () => {
    const grown = sumOf(after, "process_open_fds") - sumOf(before, "process_open_fds");
    const since = hung.filter(({ sent }) => sent > stopped + 5).length;
    assert.ok(grown >= since - 5, `${grown} more files for ${since} requests`);
  });
});

describe("queue-limit", () => {
  const incident = readIncident("queue-limit");
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);
  const answers = (status: string) =>
    sumOf(page, "http_requests_total", { handler: "/v1/completions", status });

  it("counts each refusal; the few that come after HTTP 200, inside the stream, too", () => {
    assert.ok(client.refused > 300 && client.failed > 0);
    const failed = incident.requests.filter(({ outcome }) => outcome === "failed");
    assert.ok(failed.every(({ status }) => status === 200));
    assert.equal(sumOf(page, "vllm:admission_rejections_total"), client.refused + client.failed);
    assert.equal(answers("5xx"), client.refused);
    assert.equal(answers("2xx"), client.answered + client.failed);
  });

  it("counts what was answered, and no error", () => {
    assert.equal(sumOf(page, "vllm:request_success_total"), client.answered);
    assert.equal(sumOf(page, "vllm:request_success_total", { finished_reason: "error" }), 0);
  });
});

describe("preemption-storm", () => {
  const incident = readIncident("preemption-storm");
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);

  it("answers everything, although more than one request in twenty is preempted", () => {
    assert.equal(client.answered, client.requests);
    assert.equal(sumOf(page, "vllm:request_success_total"), client.answered);
    const preemptions = sumOf(page, "vllm:num_preemptions_total");
    assert.ok(preemptions > client.answered / 20, `${preemptions} preemptions`);
    assert.equal(sumOf(page, "vllm:request_num_preemptions_sum"), preemptions);
  });

  it("fills the cache in peaks, and half of it on average", () => {
    const usage = answeredBetween(incident, 60, 240).map((one) =>
      sumOf(one, "vllm:kv_cache_usage_perc"),
    );
    assert.equal(Math.max(...usage), 1);
    assert.ok(usage.reduce((sum, value) => sum + value, 0) / usage.length < 0.5);
  });
});

describe("steady", () => {
  agrees(readIncident("steady"));
});

/** All that vLLM counts agrees with the client, where nothing went wrong. */
function agrees(incident: Incident): void {
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);

  it("is answered, every request and every scrape", () => {
    assert.ok(client.requests > 300);
    assert.equal(client.answered, client.requests);
    assert.ok(incident.scrapes.every((scrape) => scrape.page !== undefined));
  });

  it("counts the requests and the tokens that the client has", () => {
    assert.equal(sumOf(page, "vllm:request_success_total"), client.answered);
    assert.equal(countOf(page, "vllm:time_to_first_token_seconds"), client.answered);
    assert.equal(countOf(page, "vllm:e2e_request_latency_seconds"), client.answered);
    assert.equal(
      sumOf(page, "http_requests_total", { handler: "/v1/completions", status: "2xx" }),
      client.answered,
    );
    assert.equal(sumOf(page, "vllm:prompt_tokens_total"), client.promptTokens);
    assert.equal(sumOf(page, "vllm:generation_tokens_total"), client.outputTokens);
  });

  it("measures at most what the client measures", () => {
    const seconds = (name: string) => sumOf(page, `${name}_sum`) / countOf(page, name);
    const mean = (of: (request: Incident["requests"][number]) => number) =>
      incident.requests.reduce((sum, request) => sum + of(request), 0) / client.requests;
    const first = mean(({ sent, first = Infinity }) => first - sent);
    assert.ok(seconds("vllm:time_to_first_token_seconds") <= first);
    assert.ok(seconds("vllm:e2e_request_latency_seconds") <= mean(({ sent, end }) => end - sent));
  });
}

function lastPage({ scrapes }: Incident): Family[] {
  return parseExposition(scrapes.at(-1)?.page ?? "");
}

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

/** The sum of the series of this name with these labels. */
function sumOf(page: readonly Family[], name: string, labels: Record<string, string> = {}): number {
  return samplesOf(page, name)
    .filter((sample) =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
}

/** How many observations a histogram has. */
function countOf(page: readonly Family[], name: string): number {
  return sumOf(page, `${name}_count`);
}

/** A family's values, in order. */
function valuesOf(page: readonly Family[], name: string): string {
  return page
    .filter((family) => family.name === name)
    .flatMap(({ samples }) => samples.map(({ value }) => value))
    .join(" ");
}
