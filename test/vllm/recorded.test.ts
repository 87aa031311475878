import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  clientAbortRatio,
  exporters,
  metrics as m,
  matches,
  promql,
  recordingTimes,
} from "../../vllm/index.ts";

const scope = { job: matches("$job"), model_name: matches("$model_name") };
const recorded = { interval: 15 };
const classic = promql({ histograms: "classic", window: "5m", scope, recorded });
const native = promql({ histograms: "native", window: "5m", scope, recorded });
const S = '{job=~"$job",model_name=~"$model_name"}';

describe("recorded data", () => {
  it("replaces a counter's own series: the query reads the mean of the rates, or their sum", () => {
    assert.equal(
      classic.rate(m.promptTokens),
      `sum(avg_over_time(job_model:vllm_prompt_tokens:rate${S}[5m]))`,
    );
    assert.equal(
      classic.increase(m.requestsFinished, { by: ["finished_reason"], window: "1h" }),
      `sum by (finished_reason) (sum_over_time(job_model:vllm_request_success:rate${S}[1h]) * 15)`,
    );
  });

  it("replaces a gauge's own series, by aggregation", () => {
    assert.equal(
      classic.max(m.kvCacheUsage, { by: ["model_name"] }),
      `max by (model_name) (job_model:vllm_kv_cache_usage_perc:max${S})`,
    );
    assert.equal(
      classic.avg(m.kvCacheUsage),
      `sum(job_model:vllm_kv_cache_usage_perc:sum${S}) / sum(job_model:vllm_kv_cache_usage_perc:count${S})`,
    );
    assert.equal(
      classic.sum(m.requestsWaiting, { window: "5m" }),
      `sum(avg_over_time(job_model:vllm_num_requests_waiting:sum${S}[5m]))`,
    );
    assert.equal(
      classic.count(m.kvCacheUsage),
      `sum(job_model:vllm_kv_cache_usage_perc:count${S})`,
    );
  });

  it("is read for both forms of histograms", () => {
    const name = "job_model:vllm_time_to_first_token_seconds";
    assert.equal(
      classic.mean(m.timeToFirstToken),
      `sum(avg_over_time(${name}_sum:rate${S}[5m])) / (sum(avg_over_time(${name}_count:rate${S}[5m])) > 0)`,
    );
    assert.equal(
      native.mean(m.timeToFirstToken),
      `histogram_avg(sum(avg_over_time(${name}:rate${S}[5m]))) >= 0`,
    );
    assert.equal(
      classic.heatmap(m.timeToFirstToken),
      `sum by (le) (sum_over_time(${name}_bucket:rate${S}[5m]) * 15)`,
    );
  });

  it("is summed over models whose length buckets end at different bounds", () => {
    const name = "job_model:vllm_request_prompt_tokens_bucket:rate";
    const all = '{job=~"$job",model_name=~"$model_name",le="+Inf"}';
    assert.equal(
      classic.distribution(m.requestPromptTokens),
      `sum by (le) (avg_over_time(${name}${S}[5m]) - on (job, model_name) group_left () avg_over_time(${name}${all}[5m])) + on () group_left () sum(avg_over_time(${name}${all}[5m]))`,
    );
  });

  it("is read over five minutes if that window is recorded too, directly or as a mean", () => {
    const fiveMinutes = { "5m": undefined, "5m60s": "60s" };
    const q = promql({
      ...{ histograms: "classic", window: "5m", scope },
      recorded: { interval: 15, fiveMinutes },
    });
    const name = `job_model:vllm_prompt_tokens:rate5m${S}`;
    assert.equal(q.rate(m.promptTokens), `sum(${name})`);
    assert.equal(q.increase(m.promptTokens), `sum(${name} * 300)`);
    assert.equal(q.rate(m.promptTokens, { window: "5m60s" }), `sum(avg_over_time(${name}[60s]))`);
    assert.equal(
      q.rate(m.promptTokens, { window: "60s" }),
      `sum(avg_over_time(job_model:vllm_prompt_tokens:rate${S}[60s]))`,
    );
  });

  it("provides the numbers of engines and client aborts", () => {
    assert.equal(
      classic.engines({ by: ["model_name"] }),
      `group by (model_name) (job_model:vllm_engines:sum${S})`,
    );
    assert.equal(classic.engineCount(), `sum(job_model:vllm_engines:sum${S})`);
    assert.match(
      clientAbortRatio(classic),
      /^clamp_min\(sum\(sum_over_time\(job_model:vllm_dropped_streams:rate\{.*\}\[5m\]\) \* 15\), 0\) \/ /,
    );
  });

  it("does not replace series that are read as scraped", () => {
    assert.equal(classic.series(exporters.up), 'up{job=~"$job"}');
  });

  it("does not exist for other metrics, labels and aggregations, so querying them is an error", () => {
    assert.throws(() => classic.rate(m.corruptedRequests), {
      message: "The rules do not record rates of vllm:corrupted_requests.",
    });
    assert.throws(() => classic.max(m.requestsRunning), {
      message: "The rules do not record max of vllm:num_requests_running.",
    });
    assert.throws(() => classic.rate(m.promptTokens, { by: ["instance"] }), {
      message: "The rules record vllm:prompt_tokens without the label instance.",
    });
    assert.throws(() => classic.resets(m.promptTokens), {
      message: "The rules do not record resets of vllm:prompt_tokens.",
    });
  });
});

describe("recording times", () => {
  it("fit four scrapes, and the time that a rate counts is a multiple of the recording interval", () => {
    const times = [1, 5, 10, 15, 30, 60].map((seconds) => [seconds, recordingTimes(seconds)]);
    assert.deepEqual(times, [
      [1, { interval: 15, window: 16 }],
      [5, { interval: 15, window: 20 }],
      [10, { interval: 15, window: 40 }],
      [15, { interval: 15, window: 60 }],
      [30, { interval: 30, window: 120 }],
      [60, { interval: 60, window: 240 }],
    ]);
  });
});
