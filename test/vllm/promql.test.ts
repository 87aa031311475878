import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  exporters,
  labelValues,
  matches,
  math,
  metrics as m,
  not,
  promql,
  ratio,
} from "../../vllm/index.ts";

const scope = { job: matches("$job"), model_name: matches("$model_name") };
const classic = promql({ histograms: "classic", window: "$__rate_interval", scope });
const native = promql({ histograms: "native", window: "$__rate_interval", scope });
/** The matchers that the scope and the guard against routers add to an engine's metric. */
const S = 'job=~"$job",model_name=~"$model_name",engine!=""';
const R = "[$__rate_interval]";

describe("counters and gauges", () => {
  it("are the same in both forms", () => {
    for (const q of [classic, native]) {
      assert.equal(q.rate(m.promptTokens), `sum(rate(vllm:prompt_tokens_total{${S}}${R}))`);
      assert.equal(
        q.increase(m.requestsFinished, { by: ["finished_reason"], window: "1h" }),
        `sum by (finished_reason) (increase(vllm:request_success_total{${S}}[1h]))`,
      );
      assert.equal(
        q.growth(m.requestsRunning, { window: "5m" }),
        `sum(delta(vllm:num_requests_running{${S}}[5m])) and sum(vllm:num_requests_running{${S}} offset 5m) or sum(vllm:num_requests_running{${S}})`,
      );
      assert.equal(
        q.max(m.kvCacheUsage, { by: ["instance", "engine"] }),
        `max by (instance, engine) (vllm:kv_cache_usage_perc{${S}})`,
      );
      assert.equal(
        q.max(m.kvCacheUsage, { window: "$__range" }),
        `max(max_over_time(vllm:kv_cache_usage_perc{${S}}[$__range]))`,
      );
      assert.equal(
        q.avg(m.kvCacheUsage, { window: "5m" }),
        `avg(avg_over_time(vllm:kv_cache_usage_perc{${S}}[5m]) >= 0)`,
      );
      assert.equal(q.series(m.requestsRunning), `vllm:num_requests_running{${S}}`);
    }
  });

  it("get only the scope's matchers for labels that they have", () => {
    assert.equal(classic.rate(m.httpRequests), `sum(rate(http_requests_total{job=~"$job"}${R}))`);
    assert.equal(
      classic.rate(m.admissionRejections),
      `sum(rate(vllm:admission_rejections_total{job=~"$job",model_name=~"$model_name"}${R}))`,
    );
    assert.equal(promql({ histograms: "classic", window: "5m" }).series(exporters.up), "up");
  });

  it("let a query's own matchers override the scope's and the guard", () => {
    assert.equal(
      classic.series(m.requestsRunning, { where: { model_name: "a", engine: "0" } }),
      'vllm:num_requests_running{job=~"$job",model_name="a",engine="0"}',
    );
  });

  it("escape the values of matchers", () => {
    const q = promql({ histograms: "classic", window: "5m" });
    assert.equal(
      q.series(m.loraRequests, { where: { running_lora_adapters: 'a"\\b' } }),
      'vllm:lora_requests_info{running_lora_adapters="a\\"\\\\b"}',
    );
    assert.equal(
      q.series(exporters.up, { where: { instance: ["a.b:1", "c:2"] } }),
      'up{instance=~"a\\\\.b:1|c:2"}',
    );
    assert.equal(
      q.rate(m.httpRequests, { where: { status: not(["2xx", "3xx"]), handler: not("/load") } }),
      'sum(rate(http_requests_total{status!~"2xx|3xx",handler!="/load"}[5m]))',
    );
  });
});

describe("engines", () => {
  it("are counted by metrics that exist from the start, or from the first request, by release", () => {
    assert.equal(
      classic.engines({ by: ["model_name"] }),
      `group by (model_name) (vllm:request_success_total{job=~"$job",model_name=~"$model_name",finished_reason="stop",engine!=""}) or group by (model_name) (vllm:num_requests_running{${S}})`,
    );
  });
});

describe("classic histograms", () => {
  const name = "vllm:time_to_first_token_seconds";

  it("compute quantiles from their buckets", () => {
    assert.equal(
      classic.quantile(0.95, m.timeToFirstToken, { by: ["model_name"] }),
      `clamp_min(histogram_quantile(0.95, sum by (model_name, le) (rate(${name}_bucket{${S}}${R}))), 0.001) >= 0`,
    );
  });

  it("clamp quantiles at the end of the first bucket, also of the fleet's custom buckets", () => {
    const own = promql({
      ...{ histograms: "classic", window: "5m" },
      customBuckets: { request_latency: [0.05, 1] },
    });
    assert.match(own.quantile(0.5, m.queueTime), /^clamp_min\(.*, 0\.05\) >= 0$/);
    assert.match(classic.quantile(0.5, m.queueTime), /^clamp_min\(.*, 0\.3\) >= 0$/);
  });

  it("leave out a quantile of too few values", () => {
    assert.equal(
      classic.quantile(0.99, m.timeToFirstToken, { atLeast: 100 }),
      `clamp_min(histogram_quantile(0.99, sum by (le) (rate(${name}_bucket{${S}}${R}))), 0.001) and sum(increase(${name}_count{${S}}${R})) >= 100`,
    );
  });

  it("compute means, sums, counts and heatmaps", () => {
    assert.equal(
      classic.mean(m.timeToFirstToken),
      `sum(rate(${name}_sum{${S}}${R})) / (sum(rate(${name}_count{${S}}${R})) > 0)`,
    );
    assert.equal(classic.total(m.timeToFirstToken), `sum(rate(${name}_sum{${S}}${R}))`);
    assert.equal(
      classic.observations(m.timeToFirstToken, { per: "window", window: "1h" }),
      `sum(increase(${name}_count{${S}}[1h]))`,
    );
    assert.equal(
      classic.heatmap(m.timeToFirstToken),
      `sum by (le) (increase(${name}_bucket{${S}}${R}))`,
    );
    assert.equal(
      classic.observations(m.iterationTokens),
      `sum(rate(vllm:iteration_tokens_total_count{${S}}${R}))`,
    );
  });

  it("count all of a model's lengths as below any bound beyond the model's maximum length", () => {
    const length = "vllm:request_prompt_tokens_bucket";
    const above = (change: string) =>
      `${change}(${length}{${S}}${R}) - on (job, instance, model_name, engine) group_left () ${change}(${length}{${S},le="+Inf"}${R})`;
    assert.equal(
      classic.heatmap(m.requestPromptTokens),
      `sum by (le) (${above("increase")}) + on () group_left () sum(increase(${length}{${S},le="+Inf"}${R}))`,
    );
    assert.equal(
      classic.quantile(0.5, m.requestPromptTokens, { by: ["model_name"] }),
      `clamp_min(histogram_quantile(0.5, sum by (model_name, le) (${above("rate")}) + on (model_name) group_left () sum by (model_name) (rate(${length}{${S},le="+Inf"}${R}))), 1) >= 0`,
    );
  });

  it("assume that all models have the deployment's custom buckets", () => {
    const own = promql({
      ...{ histograms: "classic", window: "5m" },
      customBuckets: { request_tokens: [100, 1000] },
    });
    assert.equal(
      own.heatmap(m.requestPromptTokens),
      'sum by (le) (increase(vllm:request_prompt_tokens_bucket{engine!=""}[5m]))',
    );
  });

  it("compute the share below a bound", () => {
    assert.equal(
      classic.fractionBelow(1, m.timeToFirstToken, { by: ["model_name"] }),
      `sum by (model_name) (rate(${name}_bucket{${S},le="1.0"}${R})) / (sum by (model_name) (rate(${name}_count{${S}}${R})) > 0)`,
    );
  });

  it("count values below a bound", () => {
    assert.equal(
      classic.observationsBelow(1, m.timeToFirstToken, { by: ["model_name"] }),
      `sum by (model_name) (rate(${name}_bucket{${S},le="1.0"}${R}))`,
    );
  });

  it("reject a threshold between bounds, and name the nearest bounds", () => {
    assert.throws(() => classic.fractionBelow(0.3, m.timeToFirstToken), {
      message:
        "vllm:time_to_first_token_seconds has no bucket that ends at 0.3: with classic histograms a threshold is one of its bounds, the nearest being 0.25 and 0.5.",
    });
    const customBuckets = { time_to_first_token: [0.3, 3] };
    const custom = promql({ histograms: "classic", window: "5m", customBuckets });
    assert.match(custom.fractionBelow(0.3, m.timeToFirstToken), /le="0\.3"/);
    assert.throws(() => custom.fractionBelow(0.5, m.timeToFirstToken), /0\.3 and 3\.$/);
  });
});

describe("native histograms", () => {
  const rate = `sum(rate(vllm:time_to_first_token_seconds{${S}}${R}))`;
  const increase = `sum(increase(vllm:time_to_first_token_seconds{${S}}${R}))`;

  it("are queried by their base name, without le", () => {
    assert.equal(
      native.quantile(0.95, m.timeToFirstToken, { by: ["model_name"] }),
      `clamp_min(histogram_quantile(0.95, sum by (model_name) (rate(vllm:time_to_first_token_seconds{${S}}${R}))), 0.001) >= 0`,
    );
    assert.equal(
      native.quantile(0.99, m.timeToFirstToken, { atLeast: 100 }),
      `clamp_min(histogram_quantile(0.99, ${rate}), 0.001) and histogram_count(${increase}) >= 100`,
    );
    assert.equal(native.mean(m.timeToFirstToken), `histogram_avg(${rate}) >= 0`);
    assert.equal(native.total(m.timeToFirstToken), `histogram_sum(${rate})`);
    assert.equal(native.observations(m.timeToFirstToken), `histogram_count(${rate})`);
    assert.equal(native.heatmap(m.timeToFirstToken), increase);
  });

  it("compute the share below any threshold", () => {
    assert.equal(
      native.fractionBelow(0.3, m.timeToFirstToken),
      `histogram_fraction(0, 0.3, ${rate}) >= 0`,
    );
  });

  it("count values below any threshold, or 0 if there are none", () => {
    const count = `histogram_count(${rate})`;
    assert.equal(
      native.observationsBelow(0.3, m.timeToFirstToken),
      `((histogram_fraction(0, 0.3, ${rate}) >= 0) * ${count}) or ${count} * 0`,
    );
  });

  it("do not change queries of summaries", () => {
    assert.equal(
      native.mean(m.httpRequestSize),
      `sum(rate(http_request_size_bytes_sum{job=~"$job"}${R})) / (sum(rate(http_request_size_bytes_count{job=~"$job"}${R})) > 0)`,
    );
  });
});

describe("a quantile", () => {
  it("must be a share from 0 to 1", () => {
    assert.ok(classic.quantile(1, m.queueTime));
    for (const share of [95, -0.1, NaN]) {
      assert.throws(() => classic.quantile(share, m.queueTime), {
        message: `A quantile is a share from 0 to 1, such as 0.95, and not ${share}.`,
      });
    }
  });
});

describe("renamed metrics", () => {
  const fleet = (oldestVersion: `0.${number}`) =>
    promql({ histograms: "classic", window: "5m", oldestVersion });
  const E = '{engine!=""}';

  it("are queried by both names inside the aggregation", () => {
    const q = fleet("0.9");
    assert.equal(
      q.max(m.kvCacheUsage),
      `max(vllm:kv_cache_usage_perc${E} or vllm:gpu_cache_usage_perc${E})`,
    );
    assert.equal(
      ratio(q.rate(m.prefixCacheHits), q.rate(m.prefixCacheQueries)),
      `sum(rate(vllm:prefix_cache_hits_total${E}[5m]) or rate(vllm:gpu_prefix_cache_hits_total${E}[5m])) / (sum(rate(vllm:prefix_cache_queries_total${E}[5m]) or rate(vllm:gpu_prefix_cache_queries_total${E}[5m])) > 0)`,
    );
    assert.equal(
      q.quantile(0.5, m.interTokenLatency),
      `clamp_min(histogram_quantile(0.5, sum by (le) (rate(vllm:inter_token_latency_seconds_bucket${E}[5m]) or rate(vllm:time_per_output_token_seconds_bucket${E}[5m]))), 0.01) >= 0`,
    );
    assert.equal(
      promql({ histograms: "native", window: "5m", oldestVersion: "0.9" }).mean(
        m.interTokenLatency,
      ),
      `histogram_avg(sum(rate(vllm:inter_token_latency_seconds${E}[5m]) or rate(vllm:time_per_output_token_seconds${E}[5m]))) >= 0`,
    );
  });

  it("are queried by their new name alone from the release that introduced it", () => {
    assert.equal(fleet("0.10").series(m.kvCacheUsage), `vllm:kv_cache_usage_perc${E}`);
    assert.match(fleet("0.10").mean(m.interTokenLatency), /time_per_output_token/);
    assert.doesNotMatch(fleet("0.11").mean(m.interTokenLatency), /time_per_output_token/);
  });
});

describe("labelValues", () => {
  it("reads values from an engine's series only", () => {
    assert.equal(
      labelValues(m.requestsRunning, "model_name", { job: matches("$job") }),
      'label_values(vllm:num_requests_running{job=~"$job",engine!=""}, model_name)',
    );
    assert.equal(labelValues(exporters.up, "instance"), "label_values(up, instance)");
  });
});

describe("math", () => {
  it("puts parentheses only around operands that contain an operator", () => {
    const share = classic.fractionBelow(1, m.timeToFirstToken);
    assert.equal(math`1 - ${share}`, `1 - (${share})`);
    assert.equal(math`${"sum by (le) (a / b)"} * ${2}`, "sum by (le) (a / b) * 2");
    assert.equal(math`${'a{b="x or y"}'} / ${"(a + b)"}`, 'a{b="x or y"} / (a + b)');
    assert.equal(math`${"a or b"} / ${"a >= 0"}`, "(a or b) / (a >= 0)");
    assert.equal(
      math`${"a > on(b) c"} + ${"rate(a[5m] offset 1d)"}`,
      "(a > on(b) c) + rate(a[5m] offset 1d)",
    );
  });

  it("returns no ratio if the denominator is 0", () => {
    assert.equal(ratio("a", "b + c"), "a / ((b + c) > 0)");
  });
});
