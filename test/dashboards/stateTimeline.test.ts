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

  it("are paged so that all names fit, but a single row has no pages", () => {
    assert.equal(built().options.perPage, 18);
    assert.equal(built(undefined, 8).options.perPage, 12);
    assert.equal(built(true).options.perPage, null);
  });

  it("are named in a legend if rows are too thin for text, and in the row if there is only one", () => {
    const { options, fieldConfig } = built();
    assert.equal(options.showValue, "never");
    assert.equal(options.legend.showLegend, true);
    // Grafana draws no legend if colours depend on the value, which is the default.
    assert.equal(fieldConfig.defaults.color.mode, "fixed");
    assert.equal(built(true).options.showValue, "auto");
    assert.equal(built(true).options.legend.showLegend, false);
  });

  it("have centred text, because Grafana cuts off the first letter at the left edge", () => {
    assert.equal(built(true).options.alignValue, "center");
  });

  it("have no text for missing values, because Grafana would add it to the legend", () => {
    assert.deepEqual(built().fieldConfig.overrides, [
      {
        matcher: { id: "byRegexp", options: "/.*/" },
        properties: [{ id: "noValue", value: null }],
      },
    ]);
  });
});
