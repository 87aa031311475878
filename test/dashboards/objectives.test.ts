import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attainment } from "../../dashboards/objectives.ts";
import type { Objective } from "../../slo/objective.ts";
import { promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });
const native = promql({ histograms: "native", window: "5m" });

const END_TO_END: Objective = {
  name: "Done",
  metric: "end_to_end_latency",
  threshold: 60,
  target: 0.99,
  window: "30d",
};

/** The objective's share of good events, as in the queries below. */
const COUNT = 'sum by (model_name) (rate(vllm:e2e_request_latency_seconds_count{engine!=""}[1h]))';
const GOOD = `1 - ((${COUNT} - ${COUNT.replace("_count", "_bucket").replace('""', '"",le="60.0"')}) / (${COUNT} > 0))`;

describe("attainment", () => {
  it("is the share of values below the threshold, by model", () => {
    assert.equal(attainment(q, END_TO_END, "1h"), GOOD);
  });

  it("interpolates with native histograms", () => {
    const query = attainment(native, { ...END_TO_END, threshold: 45 }, "1h");
    assert.match(
      query,
      /histogram_fraction\(0, 45, sum by \(model_name\) \(rate\(vllm:e2e_request_latency_seconds\{/,
    );
  });

  it("covers only the models that the objective names", () => {
    const query = attainment(q, { ...END_TO_END, models: ["a", "b.c"] }, "1h");
    assert.equal(query, GOOD.replaceAll('engine!=""', 'model_name=~"a|b\\\\.c",engine!=""'));
  });

  it("counts a failed or rejected request as a late first token", () => {
    const query = attainment(
      q,
      { ...END_TO_END, metric: "time_to_first_token", threshold: 1 },
      "1h",
    );
    const denominator = query.slice(query.lastIndexOf(" / "));
    assert.match(denominator, /time_to_first_token_seconds_count/);
    assert.match(denominator, /request_success_total\{finished_reason="error"/);
    assert.match(denominator, /admission_rejections_total/);
  });

  it("does not count a request with a single token in the time per token", () => {
    const query = attainment(
      q,
      { ...END_TO_END, metric: "time_per_output_token", threshold: 0.1 },
      "1h",
    );
    const denominator = query.slice(query.lastIndexOf(" / "));
    assert.match(
      denominator,
      /- sum by .*request_generation_tokens_bucket\{engine!="",le="1\.0"\}/,
    );
  });
});
