/** The value tests cover every panel, and none that no longer exists. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedDashboards } from "../dashboards/parsedDashboards.ts";
import { askedPanels } from "./askedPanels.ts";
import { values } from "./index.ts";
import { legends } from "./legends.ts";

describe("the expected values", () => {
  for (const dashboard of parsedDashboards()) {
    it(`cover each panel of ${dashboard.title}, and no other`, () => {
      const titles = askedPanels(dashboard).map(({ title }) => title);
      assert.deepEqual(Object.keys(values[dashboard.title] ?? {}).sort(), titles.sort());
    });
  }

  it("cover each panel whose legends are listed", () => {
    for (const [dashboard, panels] of Object.entries(legends)) {
      for (const panel of Object.keys(panels)) assert.ok(values[dashboard]?.[panel], panel);
    }
  });

  it("cover no dashboard that no longer exists", () => {
    const titles = parsedDashboards().map(({ title }) => title);
    assert.deepEqual(Object.keys(values).sort(), titles.sort());
  });
});
