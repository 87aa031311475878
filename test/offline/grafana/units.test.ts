import assert from "node:assert/strict";
import { it } from "node:test";
import { formatValue } from "../../../offline/grafana/units.ts";

it("formats values in their unit", () => {
  const cases: [number, string, string][] = [
    [0, "s", "0 s"],
    [0.000_25, "s", "250 µs"],
    [0.25, "s", "250 ms"],
    [1, "s", "1 s"],
    [90, "s", "1.5 min"],
    [0.456, "percentunit", "45.6 %"],
    [12.34, "percent", "12.3 %"],
    [1536, "bytes", "1.5 KiB"],
    [12, "none", "12"],
    [1234, "", "1.23 k"],
    [2.5, "reqps", "2.5 req/s"],
    [NaN, "s", "no value"],
  ];
  for (const [value, unit, text] of cases) assert.equal(formatValue(value, unit), text);
});
