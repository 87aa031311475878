import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { exclusively } from "../../tools/lockFile.ts";

describe("exclusively", () => {
  const folder = mkdtempSync(join(tmpdir(), "exclusively-test-"));
  const lock = join(folder, "lock");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("waits until the other process has ended", async () => {
    // The process exits by itself if the test fails.
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 20_000)"]);
    const ended = new Promise((resolve) => other.once("exit", resolve));
    writeFileSync(lock, `${other.pid}`);
    const order: string[] = [];
    const action = exclusively(lock, () => {
      order.push("action");
      return Promise.resolve();
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    order.push("end");
    other.kill();
    await ended;
    await action;
    assert.deepEqual(order, ["end", "action"]);
  });

  it("removes the lock of a dead process, and its own lock at the end", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(lock, `${pid}`);
    const text = await exclusively(lock, () => Promise.resolve(readFileSync(lock, "utf8")));
    assert.equal(text, `${process.pid}`);
    assert.ok(!existsSync(lock));
  });

  it("removes its lock after a failure too", async () => {
    const failed = exclusively(lock, () => Promise.reject(new Error("disk full")));
    await assert.rejects(failed, { message: "disk full" });
    assert.ok(!existsSync(lock));
  });
});
