import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CommandError } from "@pulumi/pulumi/automation/index.js";
import { translate } from "../../../cli/stack/workspace.ts";
import { Failure } from "../../../tools/failure.ts";

/** Errors as version 3.259 of the engine prints them. */
const ERRORS: [engine: string, sentence: string][] = [
  [
    "error: could not create secrets manager for new stack: malformed state value",
    "encryptionsalt in Pulumi.x.yaml is not one that Pulumi has written: restore the line, or remove it if the file has no secrets.",
  ],
  [
    "error: could not create secrets manager for new stack: unable to read PULUMI_CONFIG_PASSPHRASE_FILE: open /none: no such file or directory",
    "PULUMI_CONFIG_PASSPHRASE_FILE: open /none: no such file or directory: give a file that exists, or unset the variable.",
  ],
  [
    "error: validating stack config: cipher: message authentication failed",
    "A secret in Pulumi.x.yaml was encrypted for another stack or with another passphrase. Set it again: npm run pulumi -- config set --secret --stack x --path KEY",
  ],
  ["error: something else\n err?: Error: failed\nerror: something else\n", "something else"],
];

describe("an error of the engine", () => {
  for (const [engine, sentence] of ERRORS) {
    it(`becomes a sentence: ${sentence.slice(0, 40)} …`, () => {
      const found = translate(new CommandError(engine), "x");
      assert.ok(found instanceof Failure);
      assert.equal(found.message, sentence);
    });
  }

  it("of another kind is not changed", () => {
    const error = new Error("error: no");
    assert.equal(translate(error, "x"), error);
  });
});
