import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { generatedFiles } from "../../docs/generate.ts";
import { ROOT } from "../../tools/project.ts";

it("every generated file is up to date (if not, run: node docs/generate.ts)", async () => {
  for (const [path, text] of Object.entries(await generatedFiles())) {
    assert.equal(readFileSync(join(ROOT, path), "utf8"), text, path);
  }
});
