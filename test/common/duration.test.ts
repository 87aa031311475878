import assert from "node:assert/strict";
import { it } from "node:test";
import { milliseconds } from "../../common/duration.ts";

it("reads durations as Prometheus does", () => {
  assert.equal(milliseconds("1h30m5s250ms"), 5_405_250);
  assert.equal(milliseconds("1y2w3d"), (365 + 14 + 3) * 86_400_000);
});
