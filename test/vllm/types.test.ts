import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exporters, labelValues, matches, metrics as m, not, promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });

const metric = (key: keyof typeof m) => m[key];

/** Never run: the compiler refuses each line below an expectation, or the type check fails. */
export const refused = () => {
  // @ts-expect-error a gauge has no rate
  q.rate(m.kvCacheUsage);
  // @ts-expect-error nor has a histogram as a whole
  q.rate(m.timeToFirstToken);
  // @ts-expect-error a counter is no gauge
  q.max(m.promptTokens);
  // @ts-expect-error nor can it be read as it stands
  q.series(m.promptTokens);
  // @ts-expect-error only a histogram has quantiles
  q.quantile(0.9, m.requestsRunning);
  // @ts-expect-error a summary has none that add up
  q.quantile(0.9, m.httpRequestSize);
  // @ts-expect-error no such metric
  metric("promptToken");
  // @ts-expect-error gone since 0.12
  metric("gpuCacheUsage");
  // @ts-expect-error no such label
  q.rate(m.promptTokens, { where: { reason: "stop" } });
  // @ts-expect-error not a label of HTTP's
  q.rate(m.httpRequests, { by: ["engine"] });
  // @ts-expect-error the builder adds le itself
  q.quantile(0.9, m.timeToFirstToken, { by: ["le"] });
  // @ts-expect-error a misspelt value of a closed set
  q.rate(m.requestsFinished, { where: { finished_reason: "errors" } });
  // @ts-expect-error nor in a list
  q.rate(m.requestsFinished, { where: { finished_reason: ["stop", "lenght"] } });
  // @ts-expect-error nor in the opposite
  q.rate(m.requestsFinished, { where: { finished_reason: not("aborted") } });
  // @ts-expect-error not a label that a variable could list
  labelValues(m.requestsRunning, "reason");
  // @ts-expect-error a scope that no metric has a label for
  promql({ histograms: "classic", window: "5m", scope: { model: "a" } });
  // @ts-expect-error the size of a sample is asked of quantiles only
  q.mean(m.timeToFirstToken, { atLeast: 100 });
};

describe("the types", () => {
  it("let pass what is right", () => {
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: ["stop", "length"] } }));
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: not("error") } }));
    assert.ok(q.rate(m.requestsFinished, { where: { finished_reason: matches("$reason") } }));
    assert.ok(q.rate(m.httpRequests, { by: ["handler", "job"], where: { instance: "a:1" } }));
    assert.ok(q.observations(m.httpRequestSize));
    assert.ok(q.series(exporters.up, { where: { job: "vllm" } }));
    assert.ok(q.series(m.cacheConfig, { where: { block_size: "16" } }));
  });
});
