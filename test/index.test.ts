import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import program from "../index.ts";

describe("the program", () => {
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
  });

  it("rejects settings with an error that the engine shows without a stack trace", () => {
    pulumi.runtime.setAllConfig({ "vllm-observability:prometheus": '{"port":0}' });
    assert.throws(program, (error) => {
      assert.ok(pulumi.RunError.isInstance(error));
      assert.match(error.message, /vllm-observability:prometheus\.port/);
      return true;
    });
  });
});
