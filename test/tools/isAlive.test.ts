import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "../../tools/isAlive.ts";

describe("isAlive", () => {
  it("is true of a process at work, and false once it is gone", async () => {
    const child = spawn("sleep", ["60"]);
    const { pid } = child;
    assert.ok(pid);
    assert.equal(isAlive(pid), true);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal(isAlive(pid), false);
  });

  it(
    "is false of one that has ended and whose parent has not asked how",
    { skip: process.platform !== "linux" },
    async (context) => {
      // The shell becomes a program that never asks after the child that it has by birth.
      const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
      context.after(() => parent.kill("SIGKILL"));
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(line.toString());
      while (readFileSync(`/proc/${parent.pid ?? ""}/comm`, "utf8") !== "sleep\n") await sleep(10);
      assert.equal(isAlive(pid), true);
      process.kill(pid, "SIGKILL");
      while (isAlive(pid)) await sleep(10);
      // It is still in the list of processes.
      assert.equal(process.kill(pid, 0), true);
    },
  );
});
