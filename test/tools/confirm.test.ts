import assert from "node:assert/strict";
import { it } from "node:test";
import { confirm } from "../../tools/confirm.ts";

it("confirm needs a terminal, unless --yes is given", async (context) => {
  const { isTTY } = process.stdin;
  process.stdin.isTTY = false;
  context.after(() => {
    process.stdin.isTTY = isTTY;
  });
  await confirm("This deletes a volume.", true);
  await assert.rejects(confirm("This deletes a volume.", false), {
    message: "This deletes a volume. To confirm, re-run with --yes: no terminal to confirm on.",
  });
});
