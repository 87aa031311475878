import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../tools/isAlive.ts";

describe("isAlive", () => {
  it("is true for a running process, and false after it is gone", async () => {
    const child = spawn("sleep", ["60"]);
    const { pid } = child;
    assert.ok(pid);
    assert.equal(isAlive(pid), true);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(isAlive(pid), false);
  });

  it(
    "is false for a zombie: a dead process whose parent has not waited for it",
    { skip: process.platform !== "linux" },
    async (context) => {
      // The shell replaces itself with a program that never waits for the inherited child.
      const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
      context.after(() => parent.kill("SIGKILL"));
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(line.toString());
      while (readFileSync(`/proc/${parent.pid ?? ""}/comm`, "utf8") !== "sleep\n") await sleep(10);
      assert.equal(isAlive(pid), true);
      process.kill(pid, "SIGKILL");
      while (isAlive(pid)) await sleep(10);
      // The zombie is still in the process list.
      assert.equal(process.kill(pid, 0), true);
    },
  );
});
