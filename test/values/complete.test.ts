/** No panel is left out of the value tests, and none is kept that is gone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boards } from "../dashboards/boards.ts";
import { askedPanels } from "./asked.ts";
import { values } from "./index.ts";

describe("what panels show is said", () => {
  for (const board of boards()) {
    it(`of each panel of ${board.title}, and of no other`, () => {
      const titles = askedPanels(board).map(({ title }) => title);
      assert.deepEqual(Object.keys(values[board.title] ?? {}).sort(), titles.sort());
    });
  }

  it("of no board that is gone", () => {
    const titles = boards().map(({ title }) => title);
    assert.deepEqual(Object.keys(values).sort(), titles.sort());
  });
});
