import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stateTimelinePanel } from "../../dashboards/panels/index.ts";

interface BuiltStateTimeline {
  options: {
    perPage: number | null;
    showValue: string;
    alignValue: string;
    legend: { showLegend: boolean };
  };
  fieldConfig: { defaults: { color: { mode: string } }; overrides: unknown[] };
}

describe("states", () => {
  const built = (single?: boolean, height?: number) => {
    const query = { expr: "up", legend: "{{instance}}" };
    const size = height === undefined ? {} : { height };
    const args = { title: "T", question: "?", advice: "!", query, words: [], ...size };
    const { builder } = stateTimelinePanel(single === undefined ? args : { ...args, single });
    return builder.build() as unknown as BuiltStateTimeline;
  };

  it("come in pages of as many as have room for their names, but a single row does not", () => {
    assert.equal(built().options.perPage, 18);
    assert.equal(built(undefined, 8).options.perPage, 12);
    assert.equal(built(true).options.perPage, null);
  });

  it("are named by a legend where rows are too thin for words, and by words in a single row", () => {
    const { options, fieldConfig } = built();
    assert.equal(options.showValue, "never");
    assert.equal(options.legend.showLegend, true);
    // Grafana draws none where colours are by value, which is the default.
    assert.equal(fieldConfig.defaults.color.mode, "fixed");
    assert.equal(built(true).options.showValue, "auto");
    assert.equal(built(true).options.legend.showLegend, false);
  });

  it("have words in the middle: at the left edge Grafana cuts off the first letter", () => {
    assert.equal(built(true).options.alignValue, "center");
  });

  it("have no text for missing values, which Grafana would put into the legend", () => {
    assert.deepEqual(built().fieldConfig.overrides, [
      {
        matcher: { id: "byRegexp", options: "/.*/" },
        properties: [{ id: "noValue", value: null }],
      },
    ]);
  });
});
