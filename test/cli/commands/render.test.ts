import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { render } from "../../../cli/commands/render.ts";
import { Failure } from "../../../tools/failure.ts";
import { ROOT } from "../../../tools/project.ts";

describe("render", () => {
  for (const out of ["", ".", ROOT]) {
    it(`does not write into the project's own folder, given as "${out === ROOT ? "its path" : out}"`, () => {
      assert.throws(() => {
        render({ out });
      }, /--out: ".*" is this project's own folder: give another one\./);
    });
  }

  it("fails if the folder cannot be created", () => {
    assert.throws(
      () => {
        render({ out: "/proc/x/y" });
      },
      (error) =>
        error instanceof Failure &&
        error.message.startsWith('--out: cannot write to "/proc/x/y" ('),
    );
  });

  it("writes all files even if its standard output is closed", async () => {
    const out = mkdtempSync(join(tmpdir(), "render-"));
    try {
      const child = spawn(process.execPath, ["cli/main.ts", "render", "--out", out], {
        ...{ cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] },
      });
      child.stdout.destroy();
      const [errors] = await Promise.all([text(child.stderr), once(child, "exit")]);
      assert.deepEqual([errors, child.exitCode], ["", 0]);
      assert.ok(existsSync(join(out, "grafana/vllm-runbooks.json")));
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
