/**
 * Compares vLLM's pages in each recorded incident with what the clients saw. Where vLLM counts
 * something, both agree exactly. Where it does not, the test says so.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type Incident,
  incidentNames,
  readIncident,
  totalsOf,
} from "../../../lab/incidents/timeline.ts";
import { parseExposition } from "../../../vllm/exposition.ts";
import { answeredBetween, countOf, eventAt, lastPage, modelOf, samplesOf, sumOf } from "./pages.ts";

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

  it("has no request gauge or cache gauge on any page", () => {
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

describe("abort-storm", () => {
  const incident = readIncident("abort-storm");
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);
  const finished = sumOf(page, "vllm:request_success_total");
  const begun = countOf(page, "vllm:time_to_first_token_seconds");

  it("counts no abort, and counts every stream as a successful HTTP request", () => {
    assert.ok(client.aborted > 200);
    assert.equal(sumOf(page, "vllm:request_success_total", { finished_reason: "abort" }), 0);
    assert.equal(
      sumOf(page, "http_requests_total", { handler: "/v1/completions", status: "2xx" }),
      client.requests,
    );
  });

  it("counts a first token for every request, but few of the dropped requests as finished", () => {
    assert.equal(begun, client.requests);
    // Some answers finish before the server notices that the client has disconnected.
    assert.ok(finished >= client.answered);
    assert.ok(begun - finished <= client.aborted);
    assert.ok(begun - finished > client.aborted / 2);
  });
});

describe("stuck-gauge", () => {
  const incident = readIncident("stuck-gauge");
  const runningOn = (engine: string, from: number, to: number) =>
    answeredBetween(incident, from, to).map((page) =>
      sumOf(page, "vllm:num_requests_running", { engine }),
    );

  it("shows a running request on an idle rank for four minutes, until the rank's next request", () => {
    const idle = eventAt(incident, "SIGCONT");
    const last = Math.max(
      ...incident.requests.filter(({ sent }) => sent < idle).map(({ end }) => end),
    );
    const next = Math.min(
      ...incident.requests.filter(({ sent }) => sent > idle).map(({ sent }) => sent),
    );
    assert.ok(next - last > 230);
    assert.deepEqual(new Set(runningOn("1", last + 5, next)), new Set([1]));
    assert.deepEqual(new Set(runningOn("0", last + 5, next)), new Set([0]));
    assert.equal(sumOf(lastPage(incident), "vllm:num_requests_running"), 0);
  });

  it("answers every request", () => {
    const { requests, answered } = totalsOf(incident.requests);
    assert.equal(answered, requests);
  });
});

describe("restart-idle", () => {
  const incident = readIncident("restart-idle");
  const [, start] = incident.events.filter(({ what }) => what === "start");
  const [, ready] = incident.events.filter(({ what }) => what === "ready");

  it("fails every scrape during the restart, and none in the six minutes after it", () => {
    assert.ok(start && ready);
    const during = incident.scrapes.filter(({ at }) => at > start.at && at < ready.at - 5);
    assert.ok(during.length > 5 && during.every(({ page }) => page === undefined));
    const after = incident.scrapes.filter(({ at }) => at > ready.at);
    assert.ok(after.length >= 70 && after.every(({ page }) => page !== undefined));
  });

  it("has no request gauges afterwards", () => {
    assert.equal(samplesOf(lastPage(incident), "vllm:num_requests_running").length, 0);
    assert.equal(samplesOf(lastPage(incident), "vllm:request_success_total").length, 2 * 5);
  });
});

describe("sigkill", () => {
  const incident = readIncident("sigkill");
  const killed = eventAt(incident, "SIGKILL");
  const [, ready] = incident.events.filter(({ what }) => what === "ready");

  it("fails every request between the kill and the next start", () => {
    assert.ok(ready);
    const between = incident.requests.filter(({ sent }) => sent > killed && sent < ready.at - 5);
    assert.ok(between.length > 60);
    assert.ok(between.every(({ outcome, status }) => outcome === "failed" && status === 0));
  });

  it("counts from 0 again", () => {
    assert.ok(ready);
    const answered = incident.requests.filter(
      ({ sent, outcome }) => sent > killed && outcome === "answered",
    );
    assert.equal(sumOf(lastPage(incident), "vllm:request_success_total"), answered.length);
  });
});

describe("rename", () => {
  const incident = readIncident("rename");
  const renamed = eventAt(incident, "rename");

  it("has no series with the old name afterwards, and counts everything under the new name", () => {
    const page = lastPage(incident);
    const models = new Set(page.flatMap(({ samples }) => samples.map(modelOf)));
    assert.deepEqual(
      [...models].filter((name) => name !== undefined),
      ["tiny-v2"],
    );
    const answered = incident.requests.filter(({ sent }) => sent > renamed);
    assert.equal(sumOf(page, "vllm:request_success_total"), answered.length);
    assert.equal(totalsOf(incident.requests).answered, incident.requests.length);
  });
});

describe("sleep-wake", () => {
  const incident = readIncident("sleep-wake");
  const [asleep, awake] = [eventAt(incident, "sleep"), eventAt(incident, "wake")];

  it("reports that it is asleep", () => {
    const pages = answeredBetween(incident, asleep + 1, awake);
    assert.ok(pages.length > 20);
    for (const page of pages) {
      assert.equal(sumOf(page, "vllm:engine_sleep_state", { sleep_state: "awake" }), 0);
    }
    const page = lastPage(incident);
    assert.equal(sumOf(page, "vllm:engine_sleep_state", { sleep_state: "awake" }), 1);
    assert.equal(sumOf(page, "vllm:sleep_mode_operation_duration_seconds_count"), 2);
  });

  it("does not show the requests that wait until it wakes", () => {
    const waiting = incident.requests.filter(({ sent }) => sent > asleep && sent < awake);
    assert.ok(waiting.length > 0);
    assert.ok(waiting.every(({ first = 0 }) => first > awake));
    for (const page of answeredBetween(incident, asleep + 1, awake)) {
      assert.equal(sumOf(page, "vllm:num_requests_waiting"), 0);
      assert.equal(sumOf(page, "vllm:num_requests_running"), 0);
    }
  });
});

describe("queue-limit", () => {
  const incident = readIncident("queue-limit");
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);
  const answers = (status: string) =>
    sumOf(page, "http_requests_total", { handler: "/v1/completions", status });

  it("counts each rejection, including the few inside the stream after HTTP 200", () => {
    assert.ok(client.refused > 300 && client.failed > 0);
    const failed = incident.requests.filter(({ outcome }) => outcome === "failed");
    assert.ok(failed.every(({ status }) => status === 200));
    assert.equal(sumOf(page, "vllm:admission_rejections_total"), client.refused + client.failed);
    assert.equal(answers("5xx"), client.refused);
    assert.equal(answers("2xx"), client.answered + client.failed);
  });

  it("counts the answered requests, and no error", () => {
    assert.equal(sumOf(page, "vllm:request_success_total"), client.answered);
    assert.equal(sumOf(page, "vllm:request_success_total", { finished_reason: "error" }), 0);
  });
});

describe("preemption-storm", () => {
  const incident = readIncident("preemption-storm");
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);

  it("answers every request, although more than one in twenty is preempted", () => {
    assert.equal(client.answered, client.requests);
    assert.equal(sumOf(page, "vllm:request_success_total"), client.answered);
    const preemptions = sumOf(page, "vllm:num_preemptions_total");
    assert.ok(preemptions > client.answered / 20, `${preemptions} preemptions`);
    assert.equal(sumOf(page, "vllm:request_num_preemptions_sum"), preemptions);
  });

  it("fills the cache completely at peaks, but less than half of it on average", () => {
    const usage = answeredBetween(incident, 60, 240).map((one) =>
      sumOf(one, "vllm:kv_cache_usage_perc"),
    );
    assert.equal(Math.max(...usage), 1);
    assert.ok(usage.reduce((sum, value) => sum + value, 0) / usage.length < 0.5);
  });
});

describe("overload", () => {
  const incident = readIncident("overload");
  const waiting = incident.scrapes.map(({ at, page }) => ({
    at,
    waiting: sumOf(parseExposition(page ?? ""), "vllm:num_requests_waiting"),
  }));

  it("has a queue that grows and is empty at the end", () => {
    assert.ok(Math.max(...waiting.map((one) => one.waiting)) > 10);
    assert.equal(waiting.at(-1)?.waiting, 0);
  });

  it("answers every request, some of them late", () => {
    const client = totalsOf(incident.requests);
    assert.equal(client.answered, client.requests);
    assert.equal(sumOf(lastPage(incident), "vllm:request_success_total"), client.answered);
    assert.ok(incident.requests.some(({ sent, first = sent }) => first - sent > 5));
  });
});

for (const name of incidentNames().filter((one) => /^(steady|lora|speculation)/.test(one))) {
  describe(name, () => {
    agrees(readIncident(name));
  });
}

describe("lora", () => {
  it("names the adapters that served requests", () => {
    const adapters = new Set(
      readIncident("lora").scrapes.flatMap(({ page = "" }) =>
        [...page.matchAll(/running_lora_adapters="([^"]+)"/g)].map(([, names]) => names),
      ),
    );
    assert.ok(adapters.has("lora-a") && adapters.has("lora-b"));
  });
});

describe("speculation", () => {
  const page = lastPage(readIncident("speculation"));

  it("accepts some of the draft tokens", () => {
    const guessed = sumOf(page, "vllm:spec_decode_num_draft_tokens_total");
    const accepted = sumOf(page, "vllm:spec_decode_num_accepted_tokens_total");
    assert.ok(accepted > 0 && accepted < guessed);
  });
});

/** Tests that vLLM's counts agree with the client's in an incident without failures. */
function agrees(incident: Incident): void {
  const client = totalsOf(incident.requests);
  const page = lastPage(incident);

  it("answers every request and every scrape", () => {
    assert.ok(client.requests > 200);
    assert.equal(client.answered, client.requests);
    assert.ok(incident.scrapes.every((scrape) => scrape.page !== undefined));
  });

  it("counts the same requests and tokens as the client", () => {
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

  it("measures no longer times than the client", () => {
    const seconds = (name: string) => sumOf(page, `${name}_sum`) / countOf(page, name);
    const mean = (of: (request: Incident["requests"][number]) => number) =>
      incident.requests.reduce((sum, request) => sum + of(request), 0) / client.requests;
    const first = mean(({ sent, first = Infinity }) => first - sent);
    assert.ok(seconds("vllm:time_to_first_token_seconds") <= first);
    assert.ok(seconds("vllm:e2e_request_latency_seconds") <= mean(({ sent, end }) => end - sent));
  });
}
