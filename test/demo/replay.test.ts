import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { replay } from "../../demo/replay.ts";

const recording = readFileSync(new URL("../../demo/vllm-metrics.txt", import.meta.url), "utf8");
const metrics = replay(recording);

/** Samples by name and labels, and every other line as it is. */
function parse(text: string) {
  const samples = new Map<string, number>();
  const comments: string[] = [];
  for (const line of text.split("\n")) {
    const [, series, value] = /^([\w:]+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (series === undefined) comments.push(line);
    else samples.set(series, Number(value));
  }
  return { samples, comments };
}

function types(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
  );
}

/** Series that may only grow: counters, and the parts of histograms and summaries. */
const growing = [...parse(recording).samples.keys()].filter((series) => {
  const name = series.replace(/\{.*/, "");
  const type = types(recording).get(name) ?? types(recording).get(name.replace(/_\w+?$/, ""));
  return type !== "gauge";
});

describe("replay", () => {
  it("keeps the recording's families, series and order", () => {
    const [recorded, replayed] = [parse(recording), parse(metrics(1234.5))];
    assert.deepEqual([...replayed.samples.keys()], [...recorded.samples.keys()]);
    assert.deepEqual(replayed.comments, recorded.comments);
  });

  it("starts with the recorded counts", () => {
    const [recorded, replayed] = [parse(recording).samples, parse(metrics(0)).samples];
    for (const series of growing.filter((name) => !name.includes("_sum"))) {
      assert.equal(replayed.get(series), recorded.get(series), series);
    }
  });

  it("never counts backwards", () => {
    assert.ok(growing.length > 300);
    let before = parse(metrics(0)).samples;
    for (let seconds = 5; seconds < 1800; seconds += 5) {
      const now = parse(metrics(seconds)).samples;
      for (const series of growing) {
        assert.ok(
          (now.get(series) ?? NaN) >= (before.get(series) ?? NaN),
          `${series} at ${seconds}`,
        );
      }
      before = now;
    }
    const tokens = 'vllm:generation_tokens_total{engine="0",model_name="tiny-llama"}';
    assert.ok((before.get(tokens) ?? 0) > 10 * 28_972, "counts about once more every 180 s");
  });

  it("keeps buckets cumulative, and the count equal to the last bucket", () => {
    for (const seconds of [0, 7.3, 180, 999]) {
      const { samples } = parse(metrics(seconds));
      let below = 0;
      for (const [series, value] of samples) {
        if (!series.includes("_bucket{")) {
          if (series.includes("_count") && below > 0) assert.equal(value, below, series);
          below = 0;
          continue;
        }
        assert.ok(value >= below, `${series} at ${seconds}`);
        below = value;
      }
    }
  });

  it("keeps each histogram's mean near the recorded one", () => {
    const name = "vllm:e2e_request_latency_seconds";
    const labels = '{engine="0",model_name="tiny-llama"}';
    const { samples } = parse(metrics(3600));
    const mean =
      (samples.get(`${name}_sum${labels}`) ?? 0) / (samples.get(`${name}_count${labels}`) ?? 0);
    assert.ok(Math.abs(mean - 82.998 / 395) < 0.03, String(mean));
  });

  it("lets gauges wander within what is plausible", () => {
    for (let seconds = 0; seconds < 900; seconds += 10) {
      const { samples } = parse(metrics(seconds));
      const get = (name: string) =>
        samples.get(`${name}{engine="0",model_name="tiny-llama"}`) ?? NaN;
      assert.ok(get("vllm:kv_cache_usage_perc") > 0.1 && get("vllm:kv_cache_usage_perc") < 0.9);
      assert.ok(get("vllm:num_requests_running") >= 3 && get("vllm:num_requests_running") <= 13);
      assert.ok(get("vllm:num_requests_waiting") >= 0 && get("vllm:num_requests_waiting") <= 8);
    }
    assert.notEqual(metrics(10), metrics(100));
    assert.equal(metrics(10), metrics(10));
  });
});
