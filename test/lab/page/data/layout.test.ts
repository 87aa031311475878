import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChosenVariable } from "../../../../lab/page/answers.ts";
import { sectionsOf, singlePanel, titleOf } from "../../../../lab/page/data/layout.ts";
import type { DashboardModel, Panel } from "../../../../lab/page/dashboardModel.ts";

const panel = (id: number, y: number, more: Partial<Panel> = {}): Panel => ({
  ...{ id, type: "stat", gridPos: { x: 0, y, w: 12, h: 4 }, ...more },
});

const variable = (chosen: string[]): ChosenVariable => ({
  ...{ name: "model", label: "Model", hidden: false, multi: true, includeAll: true },
  ...{ options: ["a", "b"], chosen },
});

describe("sectionsOf", () => {
  const dashboard = (...panels: Panel[]): DashboardModel => ({ uid: "u", title: "t", panels });
  const shape = (found: ReturnType<typeof sectionsOf>) =>
    found.map(({ title, open, panels }) => [
      title,
      open,
      panels.map(({ id, gridPos }) => [id, gridPos.y]),
    ]);

  it("gives each row its panels, positioned relative to the row's top", () => {
    const found = sectionsOf(
      dashboard(
        panel(1, 0),
        panel(2, 4, { type: "row", title: "Open" }),
        panel(3, 5),
        panel(4, 9),
        panel(5, 13, { type: "row", title: "Closed", collapsed: true, panels: [panel(6, 14)] }),
      ),
      [],
    );
    assert.deepEqual(shape(found), [
      [undefined, true, [[1, 0]]],
      [
        "Open",
        true,
        [
          [3, 0],
          [4, 4],
        ],
      ],
      ["Closed", false, [[6, 0]]],
    ]);
  });

  it("repeats a row for each selected value", () => {
    const repeated = dashboard(
      panel(1, 0, { type: "row", title: "$model", repeat: "model" }),
      panel(2, 1),
    );
    const scopes = (chosen: string[]) =>
      sectionsOf(repeated, [variable(chosen)]).map(({ key, scoped }) => [key, scoped]);
    assert.deepEqual(scopes(["$__all"]), [
      ["row-1-a", { model: ["a"] }],
      ["row-1-b", { model: ["b"] }],
    ]);
    assert.deepEqual(scopes(["b"]), [["row-1-b", { model: ["b"] }]]);
  });
});

it("shows a single panel if the address names it", () => {
  const row = panel(1, 0, { type: "row", collapsed: true, panels: [panel(2, 1)] });
  const one: DashboardModel = { uid: "u", title: "t", panels: [row] };
  for (const name of ["2", "panel-2"]) {
    assert.deepEqual(
      singlePanel(one, name)?.map(({ panels }) => panels.map(({ id, gridPos }) => [id, gridPos.w])),
      [[[2, 24]]],
    );
  }
  for (const name of [null, "3", "x2"]) assert.equal(singlePanel(one, name), undefined);
});

it("fills titles with the names of the selected values", () => {
  const title = (chosen: string[], scoped = {}) =>
    titleOf("$model, ${model} and $other", [variable(chosen)], scoped);
  assert.equal(title(["a", "b"]), "a + b, a + b and $other");
  assert.equal(title(["$__all"]), "All, All and $other");
  assert.equal(title(["$__all"], { model: ["a"] }), "a, a and $other");
});
