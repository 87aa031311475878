import assert from "node:assert/strict";
import { it } from "node:test";
import { loadDashboard } from "../../../lab/benchmark/load.ts";
import { requestsOf } from "../../../lab/benchmark/requests.ts";
import type { DashboardModel, Panel } from "../../../lab/page/dashboardModel.ts";
import { startPrometheus } from "../page/fakePrometheus.ts";

function panel(id: number, title: string, target: object, w = 12): Panel {
  return {
    ...{ id, title, type: "timeseries", gridPos: { x: 0, y: id, w, h: 8 } },
    targets: [{ refId: "A", ...target }],
  };
}

const row = { type: "row", gridPos: { x: 0, y: 0, w: 24, h: 1 } };

const dashboard: DashboardModel = {
  ...{ uid: "d", title: "D" },
  templating: {
    list: [
      { type: "datasource", name: "datasource", query: "prometheus" },
      {
        ...{ type: "query", name: "model", query: "label_values(up, model)", multi: true },
        ...{ includeAll: true, allValue: ".+", current: { value: ["$__all"] } },
      },
      { type: "query", name: "state", query: "query_result(group(up))" },
    ],
  },
  annotations: { list: [{ name: "Alerts", expr: "ALERTS", step: "60s" }] },
  panels: [
    { ...row, id: 1, title: "open" },
    panel(2, "wide", { expr: 'rate(x{m=~"$model"}[$__rate_interval])' }),
    panel(3, "now", { expr: "y", instant: true }),
    panel(4, "narrow", { expr: "z" }, 2),
    panel(5, "text", {}),
    {
      ...row,
      id: 6,
      title: "$model",
      repeat: "model",
      collapsed: true,
      panels: [panel(7, "w", { expr: '{m="$model"}' })],
    },
  ],
};

const time = { from: 7200, to: 10_800 };

it("lists Grafana's requests: for variables, annotations, open rows and closed rows", async (context) => {
  const prometheus = await startPrometheus(context, () => [{ labels: { m: "a" }, value: "1" }]);
  const dataSource = {
    ...{ uid: "p", name: "P", type: "prometheus", url: prometheus.url, isDefault: true },
    jsonData: { timeInterval: "15s" },
  };
  const { variables, open, closed } = await requestsOf(dashboard, dataSource, time);

  const range = (query: string, step: number) => ({
    path: "query_range",
    parameters: { query, stats: "true", start: "7200", end: "10800", step: String(step) },
  });
  assert.deepEqual(variables, [
    {
      path: "label/model/values",
      parameters: { start: "7200", end: "10800", "match[]": "up" },
    },
    { path: "query", parameters: { query: "group(up)", stats: "true", time: "10800" } },
  ]);
  assert.deepEqual(open, [
    { title: "annotation Alerts", requests: [range("ALERTS", 60)] },
    { title: "wide", requests: [range('rate(x{m=~".+"}[60s])', 15)] },
    {
      title: "now",
      requests: [{ path: "query", parameters: { query: "y", stats: "true", time: "10800" } }],
    },
    // 3,600 seconds over 154 pixels.
    { title: "narrow", requests: [range("z", 20)] },
  ]);
  // A repeated row appears once for each value.
  assert.deepEqual(closed, [
    { title: "w", requests: [range('{m="a"}', 15)] },
    { title: "w", requests: [range('{m="b"}', 15)] },
  ]);
});

it("counts queries and the samples they read, by panel", async (context) => {
  const prometheus = await startPrometheus(context, () => []);
  const request = (query: string) => ({ path: "query", parameters: { query } });
  const labels = { path: "label/model/values", parameters: { start: "0", end: "1" } };
  const cost = await loadDashboard(prometheus.url, {
    variables: [labels],
    panels: [{ title: "a", requests: [request("x"), request("y")] }],
  });
  assert.deepEqual(
    [cost.queries, cost.samples, cost.panels.map(({ title, queries }) => [title, queries])],
    [3, 0, [["a", 2]]],
  );
  assert.deepEqual(
    prometheus.requests.map(({ path }) => path),
    ["/api/v1/label/model/values", "/api/v1/query", "/api/v1/query"],
  );
});

it("fails with Prometheus's error when Prometheus rejects a query", async (context) => {
  const prometheus = await startPrometheus(context, () => "no such function");
  const panels = [{ title: "a", requests: [{ path: "query", parameters: { query: "f()" } }] }];
  await assert.rejects(loadDashboard(prometheus.url, { variables: [], panels }), {
    message: "f(): no such function",
  });
});
