import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exporters, labelValues, matches, metrics as m, not, promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });

const metric = (key: keyof typeof m) => m[key];

/** Never runs. The type check fails unless the compiler rejects each line below an expectation. */
export const refused = () => {
  // @ts-expect-error a gauge has no rate
  q.rate(m.kvCacheUsage);
  // @ts-expect-error a histogram as a whole has no rate either
  q.rate(m.timeToFirstToken);
  // @ts-expect-error a counter is not a gauge
  q.max(m.promptTokens);
  // @ts-expect-error a counter's value cannot be read directly
  q.series(m.promptTokens);
  // @ts-expect-error only a histogram has quantiles
  q.quantile(0.9, m.requestsRunning);
  // @ts-expect-error a summary's quantiles cannot be aggregated
  q.quantile(0.9, m.httpRequestSize);
  // @ts-expect-error no such metric
  metric("promptToken");
  // @ts-expect-error removed in 0.12
  metric("gpuCacheUsage");
  // @ts-expect-error no such label
  q.rate(m.promptTokens, { where: { reason: "stop" } });
  // @ts-expect-error not a label of HTTP metrics
  q.rate(m.httpRequests, { by: ["engine"] });
  // @ts-expect-error the builder adds le itself
  q.quantile(0.9, m.timeToFirstToken, { by: ["le"] });
  // @ts-expect-error a misspelt value of a closed set
  q.rate(m.requestsFinished, { where: { finished_reason: "errors" } });
  // @ts-expect-error a misspelt value in a list
  q.rate(m.requestsFinished, { where: { finished_reason: ["stop", "lenght"] } });
  // @ts-expect-error a misspelt value in a negation
  q.rate(m.requestsFinished, { where: { finished_reason: not("aborted") } });
  // @ts-expect-error not a label that a variable could list
  labelValues(m.requestsRunning, "reason");
  // @ts-expect-error a scope with a label that no metric has
  promql({ histograms: "classic", window: "5m", scope: { model: "a" } });
  // @ts-expect-error only quantiles take a minimum sample size
  q.mean(m.timeToFirstToken, { atLeast: 100 });
};

describe("the types", () => {
  it("accept valid queries", () => {
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: ["stop", "length"] } }));
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: not("error") } }));
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: matches("$reason") } }));
    assert.ok(q.rate(m.httpRequests, { by: ["handler", "job"], where: { instance: "a:1" } }));
    assert.ok(q.observations(m.httpRequestSize));
    assert.ok(q.series(exporters.up, { where: { job: "vllm" } }));
    assert.ok(q.series(m.cacheConfig, { where: { block_size: "16" } }));
  });
});
