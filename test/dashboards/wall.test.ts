import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsedDashboards } from "./parsedDashboards.ts";

describe("the wall", () => {
  const wall = parsedDashboards().find(({ uid }) => uid === "vllm-wall");

  it("gives each model a heading and one line three rows high, so that many fit on a screen", () => {
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

  it("shows no name beside a state timeline, because the heading has it", () => {
    const timeline = wall?.panels.at(-1);
    assert.equal(timeline?.title, "State over time");
    assert.equal(timeline.fieldConfig?.defaults.displayName, " ");
  });
});
