import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseExposition, type Family } from "../../vllm/exposition.ts";
import {
  RELEASES_READ,
  allExporterMetrics,
  allMetrics,
  bucketBounds,
  createdName,
  exposedBy,
  familyName,
  formatFloat,
  metrics,
  olderThan,
  removed,
  seriesNames,
  type Metric,
} from "../../vllm/index.ts";

const RECORDINGS = ["idle", "loaded-1", "loaded-2", "speculative-lora"] as const;
type Recording = (typeof RECORDINGS)[number];

/** The maximum length of the model on the recorded servers. */
const MAX_MODEL_LEN = 512;

function recorded(name: Recording): Family[] {
  const file = new URL(`../fixtures/vllm/vllm-0.32.0-${name}.txt`, import.meta.url);
  return parseExposition(readFileSync(file, "utf8"));
}

const byFamily = new Map(
  Object.values<Metric>(metrics).map((metric) => [familyName(metric), metric]),
);
const byCreated = new Map(
  Object.values<Metric>(metrics).map((metric) => [createdName(metric), metric]),
);

for (const recording of RECORDINGS) {
  describe(`the catalogue and vLLM 0.32.0, ${recording}`, () => {
    const families = recorded(recording);
    const created = families.filter(({ name }) => name.endsWith("_created"));

    it("agree on types, help, labels, their values and buckets", () => {
      for (const family of families.filter((one) => !created.includes(one))) {
        const metric = byFamily.get(family.name);
        assert.ok(metric, `${family.name} is in the catalogue`);
        assert.equal(metric.type === "info" ? "gauge" : metric.type, family.type, family.name);
        assert.equal(metric.help, family.help, family.name);
        assertLabels(metric, family);
        if (metric.type === "histogram" && family.samples.length > 0)
          assertBuckets(metric as Metric<"histogram">, family);
      }
    });

    it("agree on which families have a _created series", () => {
      const expected = families
        .filter(({ samples }) => samples.length > 0)
        .flatMap(({ name }) => byFamily.get(name) ?? [])
        .filter(({ name }) => !name.startsWith("python_") && name !== "process_cpu_seconds")
        .flatMap((metric) => createdName(metric) ?? []);
      assert.deepEqual(created.map(({ name }) => name).sort(), expected.sort());
      for (const { name } of created) assert.ok(byCreated.get(name), name);
    });
  });
}

describe("what vLLM 0.32.0 exposes", () => {
  const present = (recording: Recording) => new Set(recorded(recording).map(({ name }) => name));
  const known = Object.values<Metric>(metrics).filter(
    ({ since }) => since === undefined || !olderThan("0.32", since),
  );

  it("has every metric that needs no flag, once there was traffic", () => {
    for (const recording of ["loaded-1", "loaded-2", "speculative-lora"] as const) {
      const families = present(recording);
      const missing = known.filter(
        (metric) => !metric.enabledBy && !families.has(familyName(metric)),
      );
      assert.deepEqual(missing, [], recording);
    }
  });

  it("has a feature's metrics only if the feature is on", () => {
    const features = (recording: Recording) => {
      const families = present(recording);
      const on = known.filter((metric) => metric.enabledBy && families.has(familyName(metric)));
      return [...new Set(on.map(({ enabledBy }) => enabledBy))].sort();
    };
    assert.deepEqual(features("loaded-1"), ["--enable-mfu-metrics"]);
    assert.deepEqual(features("speculative-lora"), [
      "--enable-lora",
      "--enable-mfu-metrics",
      "--kv-cache-metrics",
      "--speculative-config",
    ]);
    const on = new Set(features("speculative-lora"));
    const families = present("speculative-lora");
    for (const metric of known.filter(({ enabledBy }) => on.has(enabledBy))) {
      assert.ok(families.has(familyName(metric)), metric.name);
    }
  });
});

describe("exposedBy", () => {
  const names = new Set(
    ["gpu_cache_usage_perc", "kv_cache_usage_perc"].map((name) => `vllm:${name}`),
  );
  const cacheUsage = (version: `0.${number}`) =>
    exposedBy(version).flatMap(({ name }) => (names.has(name) ? name : []));

  it("follows a metric through its renaming, and skips metrics that need a flag", () => {
    assert.deepEqual(cacheUsage("0.9"), ["vllm:gpu_cache_usage_perc"]);
    assert.deepEqual(cacheUsage("0.10"), ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]);
    assert.deepEqual(cacheUsage("0.11"), ["vllm:kv_cache_usage_perc"]);
  });

  it("returns all current metrics for the newest release", () => {
    assert.deepEqual(exposedBy("0.33"), Object.values(metrics));
  });
});

describe("the catalogue itself", () => {
  const all = [...allMetrics, ...allExporterMetrics];

  it("names every series once", () => {
    const names = all.flatMap((metric) => Object.values(seriesNames(metric)));
    assert.equal(new Set(names).size, names.length);
  });

  it("gives buckets to histograms, ascending, and to nothing else", () => {
    for (const metric of all) {
      assert.equal(metric.buckets !== undefined, metric.type === "histogram", metric.name);
      if (metric.type !== "histogram") continue;
      const bounds = bucketBounds(metric as Metric<"histogram">);
      assert.deepEqual(
        [...bounds].sort((a, b) => a - b),
        bounds,
        metric.name,
      );
      assert.equal(new Set(bounds).size, bounds.length, metric.name);
    }
  });

  it("dates every vLLM metric by a release whose source was read", () => {
    const read: readonly string[] = RELEASES_READ;
    for (const { name, since, until, hiddenSince } of allMetrics) {
      if (!name.startsWith("vllm:")) continue;
      assert.ok(since && read.includes(since), name);
      for (const version of [until, hiddenSince]) {
        if (version) assert.ok(read.includes(version) && !olderThan(version, since), name);
      }
    }
  });

  it("separates removed metrics from current ones", () => {
    for (const metric of Object.values<Metric>(removed)) assert.ok(metric.until, metric.name);
    for (const metric of Object.values<Metric>(metrics)) {
      assert.equal(metric.until, undefined, metric.name);
    }
  });

  it("renames only between metrics of one type, one set of labels and the same buckets", () => {
    const renamed = allMetrics.filter(({ renamedFrom }) => renamedFrom);
    assert.deepEqual(
      renamed.map(({ name, renamedFrom }) => [name, renamedFrom?.name, renamedFrom?.until]),
      [
        ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds", "0.13"],
        ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc", "0.11"],
        ["vllm:prefix_cache_queries", "vllm:gpu_prefix_cache_queries", "0.11"],
        ["vllm:prefix_cache_hits", "vllm:gpu_prefix_cache_hits", "0.11"],
      ],
    );
    for (const { type, labels, buckets, unit, renamedFrom } of renamed) {
      assert.deepEqual(
        { type, labels, buckets, unit },
        {
          type: renamedFrom?.type,
          labels: renamedFrom?.labels,
          buckets: renamedFrom?.buckets,
          unit: renamedFrom?.unit,
        },
      );
    }
  });
});

/** HTTP label values appear with their first request; an engine's values exist from the start. */
function assertLabels(metric: Metric, family: Family): void {
  const expected = Object.keys(metric.labels).sort();
  for (const { labels } of family.samples) {
    const own = Object.keys(labels).filter((label) => label !== "le");
    assert.deepEqual(own.sort(), expected, family.name);
  }
  for (const [label, values] of Object.entries(metric.labels)) {
    if (values === "any") continue;
    const seen = [...new Set(family.samples.map(({ labels }) => labels[label] ?? ""))];
    if (metric.name.startsWith("vllm:")) assert.deepEqual(seen, values, family.name);
    else
      assert.deepEqual(
        seen.filter((value) => !values.includes(value)),
        [],
        family.name,
      );
  }
}

function assertBuckets(metric: Metric<"histogram">, family: Family): void {
  const expected = bucketBounds(metric, { maxModelLen: MAX_MODEL_LEN });
  const les = family.samples.flatMap(({ labels }) => labels.le ?? []);
  const distinct = [...new Set(les)];
  assert.deepEqual(distinct, [...expected, Infinity].map(formatFloat), family.name);
}
