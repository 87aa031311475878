import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Failure } from "../../tools/failure.ts";
import { firstOf, isNewEnough } from "../../tools/sources.ts";

describe("isNewEnough", () => {
  for (const [version, expected] of [
    ["v3.259.0", true],
    ["3.259.1\n", true],
    ["v3.260.0", true],
    ["v3.1000.0", true],
    ["v3.258.9", false],
    ["v3.259.0-alpha.1", false],
    ["v3.260.0-alpha.1", true],
    ["v4.0.0", false],
    ["v2.999.0", false],
    ["", false],
    ["unknown", false],
  ] as const) {
    it(`${JSON.stringify(version)} for 3.259.0: ${expected}`, () => {
      assert.equal(isNewEnough(version, "3.259.0"), expected);
    });
  }
});

describe("firstOf", () => {
  const asked: string[] = [];
  const source = (name: string, find: () => Promise<string | undefined>) => ({
    name,
    find: () => {
      asked.push(name);
      return find();
    },
  });
  const none = source("none", () => Promise.resolve(undefined));
  const broken = source("broken", () => Promise.reject(new Error("no route\nto host")));
  const good = source("good", () => Promise.resolve("/bin/tool"));
  const later = source("later", () => Promise.resolve("/other/tool"));

  it("asks in order and stops at the first that has the tool", async () => {
    asked.length = 0;
    assert.equal(await firstOf("A tool", [none, broken, good, later]), "/bin/tool");
    assert.deepEqual(asked, ["none", "broken", "good"]);
  });

  it("says why each source does not have the tool", async () => {
    await assert.rejects(firstOf("A tool", [none, broken]), {
      constructor: Failure,
      message:
        "A tool could not be found or installed:\n  none: none\n  broken: no route\n    to host",
    });
  });
});
