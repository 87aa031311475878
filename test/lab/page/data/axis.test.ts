import assert from "node:assert/strict";
import { it } from "node:test";
import { axisTexts, withoutZeros } from "../../../../lab/page/data/axis.ts";

it("uses as many digits as needed to distinguish the ticks of an axis", () => {
  assert.deepEqual(axisTexts([0, 0.5, 1], { unit: "s" }), ["0 s", "500 ms", "1 s"]);
  assert.deepEqual(axisTexts([0.99, 0.995, 1], { unit: "percentunit" }), ["99%", "99.5%", "100%"]);
  assert.deepEqual(axisTexts([0.999, 0.9995, 1], { unit: "percentunit" }), [
    "99.9%",
    "99.95%",
    "100%",
  ]);
  assert.deepEqual(axisTexts([1.1, 1.2], { unit: "none", decimals: 0 }), ["1.1", "1.2"]);
});

it("writes the no-value text at ticks that get no label, as Grafana does", () => {
  const texts = (noValue: string | null) => axisTexts([0.1, null, null, 1], { unit: "s", noValue });
  assert.deepEqual(texts("No traffic"), ["100 ms", "No traffic", "No traffic", "1 s"]);
  assert.deepEqual(texts(null), ["100 ms", "", "", "1 s"]);
});

it("leaves out trailing zeros", () => {
  assert.equal(withoutZeros("1.50 s"), "1.5 s");
  assert.equal(withoutZeros("100.0%"), "100%");
  assert.equal(withoutZeros("2.0e3"), "2e3");
  assert.equal(withoutZeros("1000"), "1000");
  assert.equal(withoutZeros("0.105"), "0.105");
});
