import assert from "node:assert/strict";
import { it } from "node:test";
import { formatIn } from "../../../../lab/page/data/units.ts";

// What Grafana 13.2's own formatter writes.
const WRITTEN: [unit: string, value: number, text: string, decimals?: number][] = [
  ["s", 0, "0 s"],
  ["s", 1e-10, "0.100 ns"],
  ["s", 0.000_25, "250 µs"],
  ["s", 0.25, "250 ms"],
  ["s", 1, "1 s"],
  ["s", 1.5, "1.50 s"],
  ["s", 12.345, "12.35 s", 2],
  ["s", 90, "1.50 mins"],
  ["s", 3600, "1 hour"],
  ["s", 5400, "1.50 hours"],
  ["s", 86_400, "1 day"],
  ["s", 604_800, "1 week"],
  ["s", 2e8, "6.34 years"],
  ["short", 0, "0"],
  ["short", 0.5, "0.500"],
  ["short", 0.000_12, "0.000120"],
  ["short", 1234, "1.23 K"],
  ["short", 1234, "1.2 K", 1],
  ["short", 1_234_567, "1.23 Mil"],
  ["none", 1_234_567, "1234567"],
  ["none", 1234.5, "1235"],
  ["percentunit", 0, "0%"],
  ["percentunit", 0.5, "50%"],
  ["percentunit", 0.5, "50.0%", 1],
  ["percentunit", 0, "0%", 1],
  ["percentunit", 0.4567, "45.7%"],
  ["percentunit", 0.000_12, "0.0120%"],
  ["percent", 12.34, "12.3%"],
  ["ops", 0.5, "0.500 ops/s"],
  ["ops", 1234, "1.23K ops/s"],
  ["reqps", 12.5, "12.5 req/s"],
  ["bytes", 0, "0 B"],
  ["bytes", 1536, "1.50 KiB"],
  ["bytes", 5e9, "4.66 GiB"],
  ["Bps", 1500, "1.50 kB/s"],
  ["flops", 1.5e12, "1.50 TFLOPS"],
  ["watt", 350.5, "351 W"],
  ["watt", 1500, "1.50 kW"],
  ["celsius", 67.4, "67.4 °C"],
  ["suffix:tok/s", 12_345, "12345 tok/s"],
  ["suffix:tok/s", 1234.5, "1235 tok/s", 0],
  ["suffix: tok/s", 1, "1  tok/s"],
  ["dtdurations", 0, "0 seconds"],
  ["dtdurations", 0.5, "500 milliseconds"],
  ["dtdurations", 90, "1 minute"],
  ["dtdurations", 90_061, "1 day, 1 hour", 1],
  ["s", NaN, "NaN"],
  ["short", -Infinity, "-∞"],
];

it("writes values as Grafana does", () => {
  for (const [unit, value, text, decimals] of WRITTEN) {
    assert.equal(formatIn(unit)(value, decimals), text, `${value} ${unit}`);
  }
});

it("refuses a unit that it does not know", () => {
  assert.throws(() => formatIn("furlongs"), /The unit "furlongs" is not known to this page/);
});
