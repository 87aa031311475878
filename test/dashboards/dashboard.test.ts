import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dashboard, shares, type Row } from "../../dashboards/dashboard.ts";
import { dashboardJson } from "../../dashboards/dashboardJson.ts";
import { statPanel } from "../../dashboards/panels/index.ts";
import type { DashboardJson } from "./parsedDashboards.ts";

describe("dashboard", () => {
  const make = (rows: Row[]) =>
    JSON.parse(
      dashboard({ uid: "u", title: "T", description: "D", variables: [], annotations: [], rows })
        .json,
    ) as DashboardJson;
  const panel = (title: string, width: number, height: number) =>
    statPanel({ title, question: "?", advice: "!", unit: "short", query: "up", width, height });

  it("places panels in lines, each as high as its highest panel", () => {
    const { panels } = make([
      { panels: [panel("a", 12, 4), panel("b", 6, 6), panel("c", 12, 5)] },
      { title: "R", panels: [panel("d", 24, 3)] },
    ]);
    assert.deepEqual(
      panels.map(({ id, title, gridPos: { x, y, w, h } }) => [id, title, x, y, w, h]),
      [
        [1, "a", 0, 0, 12, 4],
        [2, "b", 12, 0, 6, 6],
        [3, "c", 0, 6, 12, 5],
        [4, "R", 0, 11, 24, 1],
        [5, "d", 0, 12, 24, 3],
      ],
    );
  });

  it("keeps the panels of a collapsed row inside the row, which takes one line", () => {
    const { panels } = make([
      { title: "closed", collapsed: true, panels: [panel("a", 12, 4)] },
      { title: "open", panels: [panel("b", 12, 4)] },
    ]);
    assert.deepEqual(
      panels.map(({ id, title, gridPos, panels: inner = [] }) => [
        id,
        title,
        gridPos.y,
        inner.map((one) => [one.id, one.title, one.gridPos.y]),
      ]),
      [
        [1, "closed", 0, [[2, "a", 1]]],
        [3, "open", 1, []],
        [4, "b", 2, []],
      ],
    );
  });
});

it("panels with shares fill a line of 24 columns", () => {
  assert.deepEqual(shares(5), [5, 5, 4, 5, 5]);
  assert.deepEqual(shares(3), [8, 8, 8]);
});

describe("dashboardJson", () => {
  it("sorts keys and keeps the order of lists", () => {
    assert.equal(
      dashboardJson({ b: [{ d: 1, c: 2 }], a: 0 }),
      '{\n  "a": 0,\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ]\n}',
    );
  });

  it("leaves out Grafana's defaults, but keeps other values under the same keys", () => {
    assert.deepEqual(JSON.parse(dashboardJson({ multi: false, editable: true, custom: {} })), {});
    const kept = { multi: true, editable: false, custom: { lineWidth: 1 } };
    assert.deepEqual(JSON.parse(dashboardJson(kept)), kept);
  });

  it("keeps links visible instead of in the controls menu, and keeps the placement of legends", () => {
    const links = [{ placement: "inControlsMenu", title: "Others" }];
    assert.deepEqual(JSON.parse(dashboardJson({ links })), { links: [{ title: "Others" }] });
    const legend = { placement: "bottom" };
    assert.deepEqual(JSON.parse(dashboardJson({ legend })), { legend });
  });
});
