import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attainment, budgetLeft, burnRate, timeToExhaustion } from "../../dashboards/objectives.ts";
import type { Objective } from "../../dashboards/options.ts";
import { promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });
const native = promql({ histograms: "native", window: "5m" });

const END_TO_END: Objective = {
  name: "Done",
  metric: "end_to_end_latency",
  threshold: 60,
  target: 0.99,
};

/** What the share of good events is in the queries below. */
const GOOD =
  'sum by (model_name) (rate(vllm:e2e_request_latency_seconds_bucket{engine!="",le="60.0"}[1h])) / (sum by (model_name) (rate(vllm:e2e_request_latency_seconds_count{engine!=""}[1h])) > 0)';

describe("attainment", () => {
  it("is the share of values below the threshold, by model", () => {
    assert.equal(attainment(q, END_TO_END, "1h"), GOOD);
  });

  it("interpolates where histograms are native", () => {
    assert.equal(
      attainment(native, { ...END_TO_END, threshold: 45 }, "1h"),
      'histogram_fraction(0, 45, sum by (model_name) (rate(vllm:e2e_request_latency_seconds{engine!=""}[1h]))) >= 0',
    );
  });

  it("is about the models that the objective names", () => {
    const query = attainment(q, { ...END_TO_END, models: ["a", "b.c"] }, "1h");
    assert.equal(query, GOOD.replaceAll('engine!=""', 'model_name=~"a|b\\\\.c",engine!=""'));
  });

  it("counts a request that failed or was turned away as no first token in time", () => {
    const query = attainment(
      q,
      { name: "First", metric: "time_to_first_token", threshold: 1, target: 0.99 },
      "1h",
    );
    const denominator = query.slice(query.lastIndexOf(" / "));
    assert.match(denominator, /time_to_first_token_seconds_count/);
    assert.match(denominator, /request_success_total\{finished_reason="error"/);
    assert.match(denominator, /admission_rejections_total/);
  });

  it("counts a request of one token neither as good nor as bad time per token", () => {
    const query = attainment(
      q,
      { name: "TPOT", metric: "time_per_output_token", threshold: 0.1, target: 0.99 },
      "1h",
    );
    const single = query.match(/request_generation_tokens_bucket\{engine!="",le="1\.0"\}/g);
    assert.equal(single?.length, 2, "taken from what is good, and from all");
  });
});

describe("burn rates", () => {
  it("divide the share of bad events by the share that is allowed", () => {
    assert.equal(burnRate(q, END_TO_END, "1h"), `(1 - (${GOOD})) / 0.01`);
  });

  it("leave of the budget what was not burnt in the promised time", () => {
    const monthly = `1 - ((1 - (${GOOD.replaceAll("1h", "30d")})) / 0.01)`;
    assert.equal(budgetLeft(q, END_TO_END), monthly);
    assert.equal(budgetLeft(q, { ...END_TO_END, window: "1w" }), monthly.replaceAll("30d", "1w"));
  });

  it("tell when it is spent: now, in some seconds, or never", () => {
    const left = budgetLeft(q, { ...END_TO_END, window: "1w" });
    assert.equal(
      timeToExhaustion(q, { ...END_TO_END, window: "1w" }),
      `((${left}) <= 0) * 0 or (${left}) * 604800 / (((1 - (${GOOD})) / 0.01) > 0)`,
    );
  });
});
