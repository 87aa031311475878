import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { unpackArchive } from "../../tools/archive.ts";

const PLATFORM = `${process.platform}-${process.arch}`;

describe("unpackArchive", () => {
  let root = "";
  let dir = "";
  let archive = Buffer.alloc(0);
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/tool.tar.gz" ? 200 : 404;
    response.end(archive);
  });
  let url = "";

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "archive-test-"));
    await writeFile(join(root, "tool"), "the tool");
    archive = execFileSync("tar", ["-czf", "-", "-C", root, "tool"]);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tool.tar.gz`;
  });
  beforeEach(async () => {
    dir = await mkdtemp(join(root, "dir-"));
  });
  after(async () => {
    server.close();
    await rm(root, { recursive: true });
  });

  it("unpacks an archive with the known checksum", async () => {
    const sha256 = createHash("sha256").update(archive).digest("hex");
    await unpackArchive(url, { [PLATFORM]: sha256 }, dir);
    assert.deepEqual(await readdir(dir), ["tool"]);
    assert.equal(await readFile(join(dir, "tool"), "utf8"), "the tool");
  });

  it("rejects content with another checksum, and unpacks nothing", async () => {
    const other = createHash("sha256").update("other").digest("hex");
    await assert.rejects(
      unpackArchive(url, { [PLATFORM]: other }, dir),
      /tool\.tar\.gz has the SHA-256 checksum [0-9a-f]{64}, and not [0-9a-f]{64}\.$/,
    );
    assert.deepEqual(await readdir(dir), []);
  });

  it("rejects a platform without a known checksum", async () => {
    await assert.rejects(unpackArchive(url, {}, dir), /No checksum of .* is known for /);
  });

  it("reports a server's error", async () => {
    await assert.rejects(
      unpackArchive(`${url}.old`, { [PLATFORM]: "0" }, dir),
      /tool\.tar\.gz\.old answers 404\.$/,
    );
  });
});
