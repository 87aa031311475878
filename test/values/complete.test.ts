/** No panel is left out of the value tests, and none is kept that is gone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boards } from "../dashboards/boards.ts";
import { askedPanels } from "./asked.ts";
import { values } from "./index.ts";
import { legends } from "./legends.ts";

describe("what panels show is said", () => {
  for (const board of boards()) {
    it(`of each panel of ${board.title}, and of no other`, () => {
      const titles = askedPanels(board).map(({ title }) => title);
      assert.deepEqual(Object.keys(values[board.title] ?? {}).sort(), titles.sort());
    });
  }

  it("by name of some panels that there are", () => {
    for (const [board, panels] of Object.entries(legends)) {
      for (const panel of Object.keys(panels)) assert.ok(values[board]?.[panel], panel);
    }
  });

  it("of no board that is gone", () => {
    const titles = boards().map(({ title }) => title);
    assert.deepEqual(Object.keys(values).sort(), titles.sort());
  });
});
