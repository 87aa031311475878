import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bucketBounds, exporters, formatFloat, metrics, nearestBounds } from "../../vllm/index.ts";

describe("bucketBounds", () => {
  it("ends the length histograms at the model's maximum length", () => {
    const lengths = metrics.requestPromptTokens;
    assert.deepEqual(bucketBounds(lengths, { maxModelLen: 100 }), [1, 2, 5, 10, 20, 50, 100]);
    assert.deepEqual(bucketBounds(lengths, { maxModelLen: 99 }), [1, 2, 5, 10, 20, 50]);
  });

  it("uses a deployment's own bounds for every histogram of the family", () => {
    const custom = { request_latency: [1, 10] };
    assert.deepEqual(bucketBounds(metrics.endToEndLatency, { custom }), [1, 10]);
    assert.deepEqual(bucketBounds(metrics.queueTime, { custom }), [1, 10]);
    assert.equal(bucketBounds(metrics.timeToFirstToken, { custom }).length, 22);
    assert.equal(bucketBounds(exporters.grafanaHttpDuration, { custom }).length, 10);
  });
});

describe("formatFloat", () => {
  it("writes bounds as Prometheus 3 stores them", () => {
    const written = [1, 0.25, 2560, 0.3, 0.0001, 0.00001, 100000, 1e6, 1048576, 200e6, Infinity];
    assert.deepEqual(written.map(formatFloat), [
      "1.0",
      "0.25",
      "2560.0",
      "0.3",
      "0.0001",
      "1e-05",
      "100000.0",
      "1e+06",
      "1.048576e+06",
      "2e+08",
      "+Inf",
    ]);
  });

  it("formats values that cannot be bounds", () => {
    assert.deepEqual([0, -1.5, NaN, -Infinity].map(formatFloat), ["0.0", "-1.5", "NaN", "-Inf"]);
  });
});

describe("nearestBounds", () => {
  it("finds the bounds on both sides, or on one side if the other has none", () => {
    assert.deepEqual(nearestBounds([1, 2, 5], 3), [2, 5]);
    assert.deepEqual(nearestBounds([1, 2, 5], 2), [2]);
    assert.deepEqual(nearestBounds([1, 2, 5], 0.5), [1]);
    assert.deepEqual(nearestBounds([1, 2, 5], 6), [5]);
  });
});
