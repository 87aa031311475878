import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QueryAnswer } from "../../../../lab/page/answers.ts";
import { sortRows, tableFor } from "../../../../lab/page/data/tables.ts";
import type { Panel } from "../../../../lab/page/dashboardModel.ts";

const query = (refId: string, ...rows: [labels: Record<string, string>, value: number][]) => ({
  ...{ refId, expr: "", format: "table", times: [100] },
  series: rows.map(([labels, value]) => ({ name: "", labels, values: [value] })),
});

const panel = (...transformations: { id: string; options: unknown }[]): Panel => ({
  ...{ id: 1, type: "table", gridPos: { x: 0, y: 0, w: 24, h: 8 }, transformations },
});

function shown(answer: QueryAnswer[], ...transformations: { id: string; options: unknown }[]) {
  const { columns, rows } = tableFor(panel(...transformations), { queries: answer });
  return {
    titles: columns.map(({ title }) => title),
    rows: rows.map((row) => columns.map(({ name }) => row[name])),
  };
}

const MERGE = { id: "merge", options: {} };

describe("tableFor", () => {
  it("has a row for each series, and names the query in the value column if there are several", () => {
    const one = shown([query("A", [{ model: "a" }, 1])]);
    assert.deepEqual(one, { titles: ["Time", "model", "Value"], rows: [[100, "a", 1]] });
    const two = shown([query("A", [{ model: "a" }, 1]), query("B")]);
    assert.deepEqual(two.titles, ["Time", "model", "Value #A"]);
  });

  it("merges rows that do not contradict each other", () => {
    const answer = [
      query("A", [{ model: "a" }, 1], [{ model: "b" }, 2]),
      query("B", [{ model: "b" }, 20], [{ model: "c" }, 30]),
      query("C"),
      query("D", [{}, 7]),
    ];
    assert.deepEqual(shown(answer, MERGE), {
      titles: ["Time", "model", "Value #A", "Value #B", "Value #C", "Value #D"],
      rows: [
        [100, "a", 1, undefined, undefined, 7],
        [100, "b", 2, 20, undefined, 7],
        [100, "c", undefined, 30, undefined, 7],
      ],
    });
  });

  it("merges rows that differ only in a column that was hidden before", () => {
    const answer = [
      query("A", [{ __name__: "a", model: "x" }, 1]),
      query("B", [{ __name__: "b", model: "x" }, 2]),
    ];
    const without = { id: "organize", options: { excludeByName: { __name__: true } } };
    assert.equal(shown(answer, MERGE).rows.length, 2);
    assert.deepEqual(shown(answer, without, MERGE), {
      titles: ["Time", "model", "Value #A", "Value #B"],
      rows: [[100, "x", 1, 2]],
    });
  });

  it("hides, orders and renames columns", () => {
    const options = {
      excludeByName: { Time: true },
      indexByName: { Value: 0, model: 1 },
      renameByName: { Value: "Requests", model: "Model" },
    };
    const answer = [query("A", [{ other: "x", model: "a" }, 1])];
    assert.deepEqual(shown(answer, { id: "organize", options }), {
      titles: ["Requests", "Model", "other"],
      rows: [[1, "a", "x"]],
    });
  });

  it("rejects unknown transformations", () => {
    assert.throws(() => shown([], { id: "joinByField", options: {} }), /"joinByField"/);
  });
});

it("sorts by a column: numbers numerically, missing values last", () => {
  const table = {
    columns: [{ name: "v", title: "Value" }],
    rows: [{ v: 10 }, { v: null }, { v: 9 }, { v: 200 }],
  };
  const sorted = (title: string, descending: boolean) =>
    sortRows(table, { title, descending }).map(({ v }) => v);
  assert.deepEqual(sorted("Value", false), [9, 10, 200, null]);
  assert.deepEqual(sorted("Value", true), [200, 10, 9, null]);
  assert.deepEqual(sorted("Other", true), [10, null, 9, 200]);
});
