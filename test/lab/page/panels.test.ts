import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Panel } from "../../../lab/page/dashboardModel.ts";
import { answerPanel, seriesName } from "../../../lab/page/panels.ts";
import { startPrometheus } from "./fakePrometheus.ts";

const PANEL: Panel = {
  ...{ id: 1, type: "timeseries", gridPos: { x: 0, y: 0, w: 12, h: 8 } },
  targets: [
    { refId: "A", expr: 'rate(x{job=~"$job"}[$__rate_interval])', legendFormat: "{{job}}" },
  ],
};

async function answered(
  context: TestContext,
  panel: Partial<Panel>,
  { to = 7203, width = 600 } = {},
) {
  const prometheus = await startPrometheus(context, (query) => {
    if (query === "broken") return "no such function";
    if (query === "odd") return ["NaN", "+Inf", "-Inf"].map((value) => ({ labels: {}, value }));
    return [{ labels: { job: "a" }, value: "0.25" }];
  });
  const jsonData = { timeInterval: "5s" };
  const dataSource = { uid: "p", name: "P", type: "prometheus", isDefault: true, jsonData };
  const answer = await answerPanel(
    { ...PANEL, ...panel },
    {
      dataSource: { ...dataSource, url: prometheus.url },
      ...{ time: { from: to - 3600, to }, width, variables: { job: ".+" } },
    },
  );
  return { queries: answer.queries, asked: prometheus.requests };
}

describe("answerPanel", () => {
  it("queries in whole steps, and returns a value or null for each step", async (context) => {
    const { queries, asked } = await answered(context, {});
    const [query] = queries;
    assert.equal(asked[0]?.path, "/api/v1/query_range");
    assert.deepEqual(Object.fromEntries(asked[0].parameters), {
      query: 'rate(x{job=~".+"}[20s])',
      ...{ start: "3600", end: "7200", step: "5" },
    });
    assert.equal(query?.expr, 'rate(x{job=~".+"}[20s])');
    assert.equal(query.times.length, 721);
    assert.deepEqual(query.series[0]?.name, "a");
    // The fake Prometheus returns samples at 7140 and 7200.
    assert.deepEqual(query.series[0].values.slice(-13), [
      0.25,
      ...Array.from({ length: 11 }, () => null),
      0.25,
    ]);
  });

  it("uses longer steps if there is less space, or if the panel or query requires it", async (context) => {
    const step = async (panel: Partial<Panel>, width: number) =>
      (await answered(context, panel, { width })).asked[0]?.parameters.get("step");
    assert.equal(await step({}, 100), "30");
    assert.equal(await step({ maxDataPoints: 20 }, 600), "120");
    assert.equal(await step({ interval: "1m" }, 600), "60");
    const [target] = PANEL.targets ?? [];
    assert.equal(await step({ targets: [{ refId: "A", ...target, interval: "2m" }] }, 600), "120");
  });

  it("runs instant queries at the end of the time range", async (context) => {
    const targets = [{ refId: "A", expr: "up", instant: true, range: false }];
    const { queries, asked } = await answered(context, { targets });
    assert.equal(asked[0]?.path, "/api/v1/query");
    assert.equal(asked[0].parameters.get("time"), "7203");
    assert.deepEqual(queries[0]?.times, [7203]);
    assert.deepEqual(queries[0].series, [
      { name: '{job="a"}', labels: { job: "a" }, values: [0.25] },
    ]);
  });

  it("returns numbers that JSON cannot represent as words", async (context) => {
    const { queries } = await answered(context, {
      targets: [{ refId: "A", expr: "odd", instant: true }],
    });
    assert.deepEqual(
      queries[0]?.series.map(({ values }) => values[0]),
      ["NaN", "Infinity", "-Infinity"],
    );
  });

  it("returns a query's error next to the other answers, and leaves out hidden queries", async (context) => {
    const { queries } = await answered(context, {
      targets: [
        { refId: "A", expr: "broken" },
        { refId: "B", expr: "up" },
        { refId: "C", expr: "up", hide: true },
      ],
    });
    assert.deepEqual(
      queries.map(({ refId, error, series }) => [refId, error, series.length]),
      [
        ["A", "bad_data: no such function", 0],
        ["B", undefined, 1],
      ],
    );
  });
});

describe("seriesName", () => {
  it("inserts labels into the format", () => {
    assert.equal(seriesName("{{a}}, {{ b }}!", { a: "x" }), "x, !");
  });

  it("consists of all labels if there is no format", () => {
    assert.equal(seriesName("", { __name__: "up", job: "a" }), 'up{job="a"}');
    assert.equal(seriesName("__auto", { __name__: "up" }), "up");
    assert.equal(seriesName("", {}), "{}");
  });
});
