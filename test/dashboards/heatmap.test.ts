import assert from "node:assert/strict";
import { it } from "node:test";
import type { Options } from "@grafana/grafana-foundation-sdk/heatmap";
import { heatmapPanel } from "../../dashboards/panels/index.ts";

it("a heatmap's unit belongs to its axis; its cells show numbers of observations", () => {
  const args = { title: "T", question: "?", advice: "!", unit: "s", query: "q" };
  const options = heatmapPanel(args).builder.build().options as Options;
  assert.equal(options.yAxis.unit, "s");
  assert.equal(options.cellValues?.unit, "short");
});
