import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reduce } from "../../../../lab/page/data/calculations.ts";
import type { Panel } from "../../../../lab/page/dashboardModel.ts";
import { alignedSeries, seriesOf, stacked } from "../../../../lab/page/data/series.ts";

const series = (times: number[], values: (number | null)[]) => ({
  ...{ name: "", labels: {}, times, values },
});

const PANEL: Panel = { id: 1, type: "timeseries", gridPos: { x: 0, y: 0, w: 12, h: 8 } };

it("renames series according to the panel's transformations", () => {
  const answer = {
    queries: [
      {
        ...{ refId: "A", expr: "", format: "time_series", times: [1] },
        series: [{ name: "/a/b.yml;group", labels: {}, values: [1] }],
      },
    ],
  };
  const named = (id: string, regex = "/^.*;/") => {
    const options = { regex, renamePattern: "" };
    return seriesOf({ ...PANEL, transformations: [{ id, options }] }, answer)[0]?.name;
  };
  assert.equal(named("renameByRegex"), "group");
  // Without slashes, Grafana matches the whole name.
  assert.equal(named("renameByRegex", "^.*;"), "/a/b.yml;group");
  assert.equal(named("renameByRegex", ".*"), "");
  assert.throws(() => named("reduce"), /The transformation "reduce" of series is not known/);
});

it("reads numbers that JSON cannot represent", () => {
  const values = [1, null, "NaN", "Infinity", "-Infinity"] as const;
  const [one] = seriesOf(PANEL, {
    queries: [
      {
        ...{ refId: "A", expr: "", format: "time_series", times: [1, 2, 3, 4, 5] },
        series: [{ name: "a", labels: {}, values: [...values] }],
      },
    ],
  });
  assert.deepEqual(one?.values, [1, null, NaN, Infinity, -Infinity]);
});

it("aligns series on the times of all series, with gaps where there is no number", () => {
  const { times, values } = alignedSeries([
    series([10, 30], [1, NaN]),
    series([10, 20], [null, 2]),
  ]);
  assert.deepEqual(times, [10, 20, 30]);
  assert.deepEqual(values, [
    [1, null, null],
    [null, 2, null],
  ]);
});

it("stacks series, and a gap adds nothing", () => {
  const top = stacked([
    [1, null, 3],
    [10, 20, null],
    [100, 200, 300],
  ]);
  assert.deepEqual(top, [
    [1, null, 3],
    [11, 20, null],
    [111, 220, 303],
  ]);
});

describe("reduce", () => {
  it("ignores missing values", () => {
    const values = [4, null, 1, 7, null];
    const expected = {
      lastNotNull: 7,
      firstNotNull: 4,
      min: 1,
      max: 7,
      mean: 4,
      sum: 12,
      count: 3,
    };
    for (const [id, value] of Object.entries(expected)) assert.equal(reduce(values, id), value, id);
    assert.equal(reduce([null], "max"), null);
  });

  it("rejects an unknown calculation", () => {
    assert.throws(() => reduce([1], "p95"), /The calculation "p95"/);
  });
});
