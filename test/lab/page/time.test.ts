import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTime, stepFor } from "../../../lab/page/time.ts";

it("reads times in Grafana's notation", () => {
  const read = (text: unknown) => parseTime(text, -1, 100_000);
  assert.equal(read("now"), 100_000);
  assert.equal(read("now-15m"), 99_100);
  assert.equal(read("now-1d/d"), 13_600);
  assert.equal(read("1500"), 1.5);
  assert.equal(read(2000), 2);
  assert.equal(read("yesterday"), -1);
  assert.equal(read(undefined), -1);
  assert.equal(read(null), -1);
});

describe("stepFor", () => {
  it("is a round number, as long as the width requires", () => {
    // An hour over 600 pixels is 6 s per pixel; over 480, exactly 7.5 s; over 479, more.
    assert.equal(stepFor(3600, 600, 5), 5);
    assert.equal(stepFor(3600, 480, 5), 5);
    assert.equal(stepFor(3600, 479, 5), 10);
    assert.equal(stepFor(86_400, 600, 5), 120);
    assert.equal(stepFor(30 * 86_400, 600, 5), 3600);
  });

  it("is not shorter than the minimum", () => {
    assert.equal(stepFor(300, 600, 5), 5);
    assert.equal(stepFor(3600, 600, 15), 15);
    assert.equal(stepFor(300, 600, 0), 0.5);
  });
});
