import assert from "node:assert/strict";
import { it } from "node:test";
import recorded from "../../../fixtures/grafana/units.json" with { type: "json" };
import { formatIn } from "../../../../lab/page/data/units.ts";

/** See `test/fixtures/grafana/README.md`. */
const { values, texts } = recorded as {
  values: number[];
  texts: Record<string, Record<string, string[]>>;
};

for (const [unit, byDecimals] of Object.entries(texts)) {
  it(`writes ${unit} as Grafana does`, () => {
    for (const [decimals, expected] of Object.entries(byDecimals)) {
      const asked = decimals === "default" ? undefined : Number(decimals);
      assert.deepEqual(
        values.map((value) => formatIn(unit)(value, asked)),
        expected,
        `${decimals} decimals`,
      );
    }
  });
}

it("writes NaN and infinite numbers", () => {
  assert.equal(formatIn("s")(NaN), "NaN");
  assert.equal(formatIn("short")(-Infinity), "-∞");
});

it("rejects an unknown unit", () => {
  assert.throws(() => formatIn("furlongs"), /The unit "furlongs" is not known to this page/);
});
