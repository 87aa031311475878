import assert from "node:assert/strict";
import { it } from "node:test";
import { bucketsOf } from "../../../lab/page/heatmap.ts";

it("subtracts from each classic bucket the count of the bucket below", () => {
  const series = (le: string, ...values: [number, string][]) => ({ metric: { le }, values });
  const found = bucketsOf(
    [
      series("+Inf", [10, "9"], [20, "5"]),
      series("0.5", [10, "2"], [20, "1"]),
      series("10.0", [10, "6"], [20, "5"]),
    ],
    [10, 20, 30],
  );
  assert.deepEqual(found, [
    { low: null, high: 0.5, counts: [2, 1, null] },
    { low: 0.5, high: 10, counts: [4, 4, null] },
    { low: 10, high: null, counts: [3, 0, null] },
  ]);
});

it("sorts native buckets, adds up series and handles times without data", () => {
  const found = bucketsOf(
    [
      {
        ...{ metric: {}, values: [] },
        histograms: [
          [10, { buckets: [[0, "1", "+Inf", "2"]] }],
          [20, { buckets: [[0, "0.5", "1", "4"]] }],
          [30, {}],
        ],
      },
      { metric: {}, values: [], histograms: [[20, { buckets: [[0, "0.5", "1", "1"]] }]] },
    ],
    [10, 20, 30],
  );
  assert.deepEqual(found, [
    { low: 0.5, high: 1, counts: [0, 5, 0] },
    { low: 1, high: null, counts: [2, 0, 0] },
  ]);
});
