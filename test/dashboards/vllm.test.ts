import assert from "node:assert/strict";
import { it } from "node:test";
import { UIDS } from "../../dashboards/uids.ts";
import { parsedDashboards, panelsOf } from "./parsedDashboards.ts";

const dashboard = parsedDashboards().find(({ uid }) => uid === UIDS.vllm);
assert.ok(dashboard);

it("has the panels of vLLM's own example: titles, types, units and order", () => {
  assert.deepEqual(
    panelsOf(dashboard).map(({ title, type, fieldConfig }) => [
      title,
      type,
      fieldConfig?.defaults.unit,
    ]),
    [
      ["E2E Request Latency", "timeseries", "s"],
      ["Token Throughput", "timeseries", "suffix:tok/s"],
      ["Inter Token Latency", "timeseries", "s"],
      ["Scheduler State", "timeseries", "short"],
      ["Time To First Token Latency", "timeseries", "s"],
      ["Cache Utilization", "timeseries", "percentunit"],
      ["Request Prompt Length", "heatmap", "short"],
      ["Request Generation Length", "heatmap", "short"],
      ["Finish Reason", "timeseries", "short"],
      ["Queue Time", "timeseries", "s"],
      ["Requests Prefill and Decode Time", "timeseries", "s"],
      ["Max Generation Token in Sequence Group", "timeseries", "short"],
    ],
  );
});

it("places them in two columns of width 12 and height 8", () => {
  assert.deepEqual(
    panelsOf(dashboard).map(({ gridPos }) => gridPos),
    Array.from({ length: 12 }, (_, index) => ({
      x: (index % 2) * 12,
      y: Math.floor(index / 2) * 8,
      w: 12,
      h: 8,
    })),
  );
});

it("keeps the example's legends", () => {
  const legends = Object.fromEntries(
    panelsOf(dashboard).map(({ title, targets = [] }) => [
      title,
      targets.map(({ legendFormat }) => legendFormat),
    ]),
  );
  assert.deepEqual(legends["E2E Request Latency"], ["P99", "P95", "P90", "P50", "Average"]);
  assert.deepEqual(legends["Inter Token Latency"], ["P99", "P95", "P90", "P50", "Mean"]);
  assert.deepEqual(legends["Token Throughput"], ["Prompt Tokens/Sec", "Generation Tokens/Sec"]);
  assert.deepEqual(legends["Scheduler State"], ["Num Running", "Num Waiting"]);
  assert.deepEqual(legends["Finish Reason"], ["{{finished_reason}}"]);
});

it("queries only the selected servers, and no routers", () => {
  const [panel] = panelsOf(dashboard);
  assert.equal(
    panel?.targets?.[1]?.expr,
    'clamp_min(histogram_quantile(0.95, sum by (le) (rate(vllm:e2e_request_latency_seconds_bucket{job=~"$job",model_name=~"$model_name",instance=~"$instance",engine!=""}[5m${__interval_ms}ms]))), 0.3) and sum(increase(vllm:e2e_request_latency_seconds_count{job=~"$job",model_name=~"$model_name",instance=~"$instance",engine!=""}[5m${__interval_ms}ms])) >= 20',
  );
});
