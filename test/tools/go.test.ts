import assert from "node:assert/strict";
import { it } from "node:test";
import { isGoNewEnough } from "../../tools/go.ts";

it("accepts Go 1.26 and newer", () => {
  for (const version of ["go1.26", "go1.26.8", "go1.27rc1", "go1.30.0"]) {
    assert.equal(isGoNewEnough(version), true, version);
  }
  for (const version of ["go1.25.12", "go1.9", "go2.26.0", "devel", ""]) {
    assert.equal(isGoNewEnough(version), false, version);
  }
});
