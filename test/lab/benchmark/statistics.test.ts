import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesText,
  countText,
  measured,
  ratioText,
  secondsText,
} from "../../../lab/benchmark/statistics.ts";

describe("measured", () => {
  it("is the median, with the minimum and the maximum", () => {
    assert.deepEqual(measured([3, 1, 10, 2, 5]), { median: 3, least: 1, most: 10 });
    assert.deepEqual(measured([7]), { median: 7, least: 7, most: 7 });
  });

  it("is halfway between the two middle values of an even count", () => {
    assert.deepEqual(measured([4, 1, 2, 100]), { median: 3, least: 1, most: 100 });
  });

  it("needs at least one value", () => {
    assert.throws(() => measured([]), { message: "Nothing was measured." });
  });
});

it("writes seconds with their spread, with more digits for shorter times", () => {
  assert.equal(secondsText({ median: 0.0123, least: 0.01, most: 0.0999 }), "0.012 s (0.010–0.100)");
  assert.equal(secondsText({ median: 0.1, least: 0.09, most: 0.3 }), "0.10 s (0.09–0.30)");
  assert.equal(secondsText({ median: 12.34, least: 10, most: 20.06 }), "12.3 s (10.0–20.1)");
});

it("writes counts with three significant digits and a unit", () => {
  assert.deepEqual([0, 7, 999, 1000, 26_540, 999_500, 26_480_000, 1.5e9].map(countText), [
    ...["0", "7", "999", "1.00 k", "26.5 k", "1.00 M", "26.5 M", "1.50 G"],
  ]);
});

it("writes the ratio of two durations", () => {
  const of = (median: number) => ({ median, least: 0, most: 100 });
  assert.equal(ratioText(of(3.81), of(3)), "1.27 ×");
});

it("writes sizes with three significant digits", () => {
  assert.deepEqual([0, 1023, 1024, 150_000, 2 ** 20 * 312.4, 2 ** 30 * 1.5].map(bytesText), [
    ...["0 B", "1023 B", "1.00 KiB", "146 KiB", "312 MiB", "1.50 GiB"],
  ]);
});
