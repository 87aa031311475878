import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import type { FakeServerOptions } from "../../../lab/simulator/scenarios.ts";
import type { Family } from "../../../vllm/exposition.ts";
import { fleetPage, recordedPage, seriesKey, sampleTotal } from "./pages.ts";

/** The recorded server's settings. */
const engine = { maxModelLen: 512, blockSize: 128, blocks: 8192 };
const features = {
  engine: {
    ...engine,
    blocks: 12,
    kvCacheMetrics: true,
    lora: ["lora-a", "lora-b"],
    speculative: { tokens: 3, acceptance: 0.5 },
  },
};

const RECORDINGS: [string, seconds: number, Omit<FakeServerOptions, "name" | "model">][] = [
  ["idle", 30, { engine, workload: { rate: 0 } }],
  ["loaded-1", 120, { engine }],
  ["loaded-2", 200, { engine }],
  ["speculative-lora", 120, features],
];

for (const [name, seconds, options] of RECORDINGS) {
  describe(`compared with the recording ${name}`, () => {
    const fleet = createFleet({
      seed: 2,
      servers: [{ name: "a", model: "tiny-llama", ...options }],
    });
    fleet.advance(seconds);
    const real = recordedPage(name);
    const fake = fleetPage(fleet);
    const pairs = real.map((family, index) => [family, fake[index]] as const);

    it("the same families come in the same order, with their types and help", () => {
      const heads = (families: Family[]) =>
        families.map(({ name, type, help }) => ({ name, type, help }));
      assert.deepEqual(heads(fake), heads(real));
    });

    it("vLLM's series are the same in the same order, buckets included", () => {
      for (const [one, other] of pairs) {
        if (one.name.startsWith("http_") || FREE.includes(one.name)) continue;
        assert.deepEqual(other?.samples.map(seriesKey), one.samples.map(seriesKey), one.name);
      }
    });

    it("the series left out above have the same labels, and the same values where these are fixed", () => {
      for (const [one, other] of pairs.filter(([{ name }]) => FREE.includes(name))) {
        const [theirs, ours] = [one.samples[0]?.labels ?? {}, other?.samples[0]?.labels ?? {}];
        assert.deepEqual(Object.keys(ours), Object.keys(theirs), one.name);
        for (const label of Object.keys(theirs).filter((name) => !SIZES.includes(name))) {
          if (one.name === "vllm:cache_config_info")
            assert.equal(ours[label], theirs[label], label);
        }
      }
    });

    // HTTP series appear when a handler is first used; nothing in the simulation lists the models.
    it("the HTTP series are the same, in any order", () => {
      const series = (family: Family | undefined) =>
        (family?.samples ?? [])
          .filter(({ labels }) => labels.handler !== "/v1/models")
          .filter(({ labels }) => labels.status !== "4xx" || labels.handler === "/v1/completions")
          .map(seriesKey)
          .sort();
      for (const [one, other] of pairs.filter(([{ name }]) => name.startsWith("http_"))) {
        assert.deepEqual(series(other), series(one), one.name);
      }
    });
  });
}

/** Series whose label values are sizes, or adapter names in order of arrival. */
const FREE = ["vllm:cache_config_info", "vllm:lora_requests_info"];
const SIZES = [
  "kv_cache_max_concurrency",
  "kv_cache_memory_bytes",
  "kv_cache_size_tokens",
  "num_gpu_blocks",
  "num_gpu_blocks_override",
];

describe("properties that all real pages share also hold here", () => {
  const sum = (...asked: Parameters<typeof sampleTotal>) => sampleTotal(...asked) ?? 0;

  // No request is in progress at the end.
  const changes = [{ at: 60, do: "load", factor: 0 } as const];
  const fleet = createFleet({
    seed: 4,
    servers: [
      { name: "steady", model: "m", changes },
      { name: "busy", model: "m", scenario: "preempting", workload: { errors: 0.05 }, changes },
      { name: "prefixes", model: "m", scenario: "prefixHeavy", changes },
      { name: "shared", model: "m", scenario: "sharedCache", workload: { images: 0.2 }, changes },
    ],
  });
  fleet.advance(200);
  const pages: [string, Family[]][] = [
    ["recording", recordedPage("loaded-2")],
    ...fleet.names.map((name): [string, Family[]] => [name, fleetPage(fleet, name)]),
  ];

  for (const [name, families] of pages) {
    it(`${name}: tokens`, () => {
      const by = (source: string) =>
        sum(families, "vllm:prompt_tokens_by_source_total", { source });
      const prompt = sum(families, "vllm:prompt_tokens_total");
      const generated = sum(families, "vllm:generation_tokens_total");
      const hits = sum(families, "vllm:prefix_cache_hits_total");
      const external = sum(families, "vllm:external_prefix_cache_hits_total");
      assert.ok(prompt > 0 && generated > 0);
      assert.equal(sum(families, "vllm:prompt_tokens_by_source_total"), prompt);
      assert.equal(sum(families, "vllm:prefix_cache_queries_total"), prompt);
      assert.equal(by("local_cache_hit"), hits);
      assert.equal(by("external_kv_transfer"), external);
      assert.equal(sum(families, "vllm:prompt_tokens_cached_total"), hits + external);
      assert.equal(sum(families, "vllm:prompt_tokens_cached_by_source_total"), hits + external);
      assert.equal(
        sum(families, "vllm:iteration_tokens_total_sum"),
        by("local_compute") + generated,
      );
    });

    it(`${name}: observations and times`, () => {
      const count = (metric: string) => sum(families, `vllm:${metric}_count`);
      const time = (metric: string) => sum(families, `vllm:${metric}_seconds_sum`);
      assert.equal(
        count("inter_token_latency_seconds") + count("time_to_first_token_seconds"),
        sum(families, "vllm:generation_tokens_total"),
      );
      const finished = sum(families, "vllm:request_success_total");
      for (const metric of ["e2e_request_latency_seconds", "request_prefill_kv_computed_tokens"]) {
        assert.equal(count(metric), finished, metric);
      }
      const phases = time("request_prefill_time") + time("request_decode_time");
      assert.ok(Math.abs(phases - time("request_inference_time")) < 0.001 * phases);
      const whole = time("request_queue_time") + time("request_inference_time");
      const overhead = (time("e2e_request_latency") - whole) / finished;
      assert.ok(overhead > 0 && overhead < 0.03, `${overhead} s of each request are the API's`);
      assert.equal(
        sum(families, "http_request_duration_highr_seconds_count"),
        sum(families, "http_requests_total"),
      );
    });
  }
});
