import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { cacheDir, cached } from "../../tools/cache.ts";

describe("cacheDir", () => {
  it("is under XDG_CACHE_HOME if set", () => {
    assert.equal(cacheDir({ XDG_CACHE_HOME: "/x", HOME: "/home/u" }), "/x/vllm-observability");
  });
  it("is under ~/.cache without XDG_CACHE_HOME, or with a relative one", () => {
    for (const XDG_CACHE_HOME of [undefined, "", "x"]) {
      assert.equal(
        cacheDir({ XDG_CACHE_HOME, HOME: "/home/u" }),
        "/home/u/.cache/vllm-observability",
      );
    }
  });
});

describe("cached", () => {
  let root = "";
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "cache-test-"));
  });
  after(() => rm(root, { recursive: true }));

  const fillWith = (text: string) => (dir: string) => writeFile(join(dir, "tool"), text);
  const read = async (dir: string) => readFile(join(dir, "tool"), "utf8");

  it("fills a folder once", async () => {
    const place = await cached("once-1", fillWith("first"), root);
    assert.equal(place, join(root, "once-1"));
    assert.equal(await cached("once-1", fillWith("second"), root), place);
    assert.equal(await read(place), "first");
  });

  it("leaves no files after a failure, and the next attempt works", async () => {
    const fail = async (dir: string) => {
      await fillWith("half")(dir);
      throw new Error("disk full");
    };
    await assert.rejects(cached("failed-1", fail, root), { message: "disk full" });
    assert.deepEqual(
      (await readdir(root)).filter((name) => name !== "once-1"),
      [],
    );
    assert.equal(await read(await cached("failed-1", fillWith("whole"), root)), "whole");
  });

  it("removes files that a killed process left a day ago, and keeps newer ones", async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3600 * 1000);
    for (const [name, hours] of [
      [".new-old", 25],
      [".new-young", 23],
    ] as const) {
      await mkdir(join(root, name));
      await utimes(join(root, name), hoursAgo(hours), hoursAgo(hours));
    }
    await cached("leftovers-1", fillWith("x"), root);
    assert.deepEqual(
      (await readdir(root)).filter((name) => name.startsWith(".new-")),
      [".new-young"],
    );
    await rm(join(root, ".new-young"), { recursive: true });
  });

  it("is filled once for two simultaneous callers", async () => {
    let fills = 0;
    const fill = (dir: string) => {
      fills += 1;
      return fillWith(`${fills}`)(dir);
    };
    const places = await Promise.all([cached("race-1", fill, root), cached("race-1", fill, root)]);
    assert.deepEqual(places, [join(root, "race-1"), join(root, "race-1")]);
    assert.equal(await read(places[0]), "1");
    assert.deepEqual(
      (await readdir(root)).filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("is not filled again by a process that waited for another one", async () => {
    const lock = join(root, ".lock-waited-1");
    // The other process exits by itself.
    const other = spawn(process.execPath, ["-e", "setTimeout(() => {}, 500)"]);
    const ended = new Promise((resolve) => other.once("exit", resolve));
    await writeFile(lock, `${other.pid}`);
    const waiting = cached("waited-1", fillWith("again"), root);
    await mkdir(join(root, "waited-1"));
    await fillWith("first")(join(root, "waited-1"));
    await ended;
    assert.equal(await read(await waiting), "first");
  });
});
