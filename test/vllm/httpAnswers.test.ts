import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { httpAnswers, promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });

describe("HTTP responses", () => {
  it("exclude rejections, which old releases do not count, and are never below 0", () => {
    const rate = (metric: string) => `sum by (job, instance) (rate(${metric}[5m]))`;
    const all = rate("http_requests_total");
    const failed = rate('http_requests_total{status="5xx"}');
    const rejected = rate("vllm:admission_rejections_total");
    assert.deepEqual(httpAnswers(q), {
      all: `${all} - (${rejected} or ${all} * 0)`,
      failed: `clamp_min(${failed} - (${rejected} or ${failed} * 0), 0)`,
    });
  });

  it("keep the requested target labels", () => {
    assert.match(httpAnswers(q, ["team"]).all, /^sum by \(job, instance, team\) /);
  });
});
