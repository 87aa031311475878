import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { configOf, displayIn } from "../../../../lab/page/data/display.ts";
import type { FieldConfig, Panel } from "../../../../lab/page/dashboardModel.ts";

const THRESHOLDS = {
  mode: "absolute",
  steps: [
    { value: null, color: "text" },
    { value: 0, color: "green" },
    { value: 1, color: "orange" },
  ],
};

describe("displayIn", () => {
  it("colours by threshold, starting at each threshold's value", () => {
    const display = displayIn({ unit: "short", thresholds: THRESHOLDS });
    assert.deepEqual(display(-1), { text: "-1", colour: "#ccccdc" });
    assert.deepEqual(display(0.99), { text: "0.990", colour: "#73BF69" });
    assert.deepEqual(display(1), { text: "1", colour: "#FF9830" });
  });

  it("shows the no-value text for a missing value, and NaN for NaN", () => {
    const display = displayIn({ unit: "s", noValue: "No traffic", thresholds: THRESHOLDS });
    assert.deepEqual(display(null), { text: "No traffic", colour: "#ccccdc" });
    assert.deepEqual(display(undefined), { text: "No traffic", colour: "#ccccdc" });
    assert.deepEqual(display(""), { text: "No traffic", colour: "#ccccdc" });
    assert.deepEqual(display(NaN), { text: "NaN", colour: "#ccccdc" });
    assert.equal(displayIn({})(null).text, "");
    assert.equal(displayIn({ noValue: "No" })("text").text, "text");
  });

  it("formats numeric text as a number, except with the unit string", () => {
    assert.equal(displayIn({ unit: "bytes" })("17179869184").text, "16 GiB");
    assert.equal(displayIn({ unit: "none" })("0.92").text, "0.920");
    assert.equal(displayIn({ unit: "none" })("3.11.7").text, "3.11.7");
    assert.equal(displayIn({ unit: "string" })("0.92").text, "0.92");
    assert.equal(displayIn({})("0.92").text, "0.92");
  });

  it("maps numbers to words, and includes both ends of a range", () => {
    const config: FieldConfig = {
      unit: "short",
      thresholds: THRESHOLDS,
      mappings: [
        { type: "value", options: { 0: { text: "Down", color: "red" }, up: { text: "Up" } } },
        { type: "range", options: { from: 10, to: 20, result: { text: "middle" } } },
        { type: "range", options: { from: 100, to: null, result: { text: "≥ 100" } } },
        { type: "special", options: { match: "nan", result: { text: "nothing" } } },
      ],
    };
    const display = displayIn(config);
    assert.deepEqual(display(0), { text: "Down", colour: "#F2495C" });
    assert.deepEqual(display("up"), { text: "Up", colour: "#ccccdc" });
    assert.deepEqual(display(10), { text: "middle", colour: "#FF9830" });
    assert.equal(display(20).text, "middle");
    assert.equal(display(20.1).text, "20.1");
    assert.equal(display(99).text, "99");
    assert.equal(display(1e6).text, "≥ 100");
    assert.equal(display(NaN).text, "nothing");
  });
});

describe("configOf", () => {
  const panel = (id: string, options: unknown): Panel => ({
    ...{ id: 1, type: "table", gridPos: { x: 0, y: 0, w: 1, h: 1 } },
    fieldConfig: {
      defaults: { unit: "short", custom: { align: "auto", width: 10 } },
      overrides: [
        {
          matcher: { id, options },
          properties: [
            { id: "unit", value: "s" },
            { id: "custom.width", value: 90 },
          ],
        },
      ],
    },
  });

  it("applies overrides on top of the defaults", () => {
    const changed = { unit: "s", custom: { align: "auto", width: 90 } };
    assert.deepEqual(configOf(panel("byName", "TTFT"), "TTFT"), changed);
    assert.deepEqual(configOf(panel("byRegexp", "/^TT/"), "TTFT"), changed);
    assert.deepEqual(configOf(panel("byRegexp", "TT.T"), "TTFT"), changed);
    assert.equal(configOf(panel("byRegexp", "TT"), "TTFT").unit, "short");
    assert.equal(configOf(panel("byName", "TTFT"), "ITL").unit, "short");
  });

  it("rejects unknown overrides", () => {
    assert.throws(() => configOf(panel("byType", "number"), "x"), /Overrides by "byType"/);
  });
});
