/** No panel is left out of the value tests, and none is kept that is gone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedDashboards } from "../dashboards/parsedDashboards.ts";
import { askedPanels } from "./askedPanels.ts";
import { values } from "./index.ts";
import { legends } from "./legends.ts";

describe("what panels show is said", () => {
  for (const dashboard of parsedDashboards()) {
    it(`of each panel of ${dashboard.title}, and of no other`, () => {
      const titles = askedPanels(dashboard).map(({ title }) => title);
      assert.deepEqual(Object.keys(values[dashboard.title] ?? {}).sort(), titles.sort());
    });
  }

  it("by name of some panels that there are", () => {
    for (const [dashboard, panels] of Object.entries(legends)) {
      for (const panel of Object.keys(panels)) assert.ok(values[dashboard]?.[panel], panel);
    }
  });

  it("of no dashboard that is gone", () => {
    const titles = parsedDashboards().map(({ title }) => title);
    assert.deepEqual(Object.keys(values).sort(), titles.sort());
  });
});
