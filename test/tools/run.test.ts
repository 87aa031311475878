import assert from "node:assert/strict";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import { allOnPath, run } from "../../tools/run.ts";

const script = (text: string) => ["-e", text];

describe("run", () => {
  it("returns the standard output, and shows every line of both streams", async () => {
    const lines: string[] = [];
    const output = await run(process.execPath, script('console.log("a\\nb"); console.error("c")'), {
      onLine: (line) => lines.push(line),
    });
    assert.equal(output, "a\nb");
    assert.deepEqual(lines.sort(), ["a", "b", "c"]);
  });
  it("adds to the environment", async () => {
    const print = script("console.log(process.env.TRIED, 'PATH' in process.env)");
    assert.equal(await run(process.execPath, print, { env: { TRIED: "yes" } }), "yes true");
  });
  it("fails with the command, its exit code and its last 20 lines", async () => {
    const text = "for (let i = 1; i <= 30; i++) console.log(i); process.exit(3)";
    await assert.rejects(run(process.execPath, script(text)), (error: Error) => {
      const [first, ...rest] = error.message.split("\n");
      assert.equal(first, `\`${process.execPath} -e ${text}\` exited with 3`);
      assert.deepEqual(
        rest,
        Array.from({ length: 20 }, (_, i) => String(i + 11)),
      );
      return true;
    });
  });
  it("fails for a command that does not exist, and can be aborted", async () => {
    await assert.rejects(run("/nowhere/tool", []), { code: "ENOENT" });
    const wait = run(process.execPath, script("setTimeout(() => {}, 60_000)"), {
      signal: AbortSignal.timeout(100),
    });
    await assert.rejects(wait, { name: "AbortError" });
  });
});

describe("allOnPath", () => {
  it("finds executables in the order of PATH, and no folders", () => {
    const bin = dirname(process.execPath);
    assert.deepEqual(allOnPath("node", `/nowhere:${bin}::${bin}/`), [
      process.execPath,
      process.execPath,
    ]);
    assert.deepEqual(allOnPath("bin", dirname(bin)), []);
  });
});
