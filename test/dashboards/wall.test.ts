import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedDashboards } from "./parsedDashboards.ts";

describe("the wall", () => {
  const wall = parsedDashboards().find(({ uid }) => uid === "vllm-wall");

  it("gives each model a heading and one line of three rows, so that a screen has room for many", () => {
    const places = wall?.panels.map(({ gridPos: { x, y, w, h } }) => [x, y, w, h]);
    assert.deepEqual(places, [
      [0, 0, 24, 1],
      [0, 1, 3, 3],
      [3, 1, 3, 3],
      [6, 1, 3, 3],
      [9, 1, 3, 3],
      [12, 1, 12, 3],
    ]);
  });

  it("has no name beside a state over time, which the heading says", () => {
    const timeline = wall?.panels.at(-1);
    assert.equal(timeline?.title, "State over time");
    assert.equal(timeline.fieldConfig?.defaults.displayName, " ");
  });
});
