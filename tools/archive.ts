import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/**
 * Downloads the `.tar.gz` at `url` and unpacks it into the folder `dir`. `checksums` are the SHA-256
 * checksums of the archive by platform (`linux-x64`), from `tools/checksums.json`: a server must not
 * vouch for its own files.
 *
 * @throws {Error} if there is no checksum for this platform, or if it does not match; then nothing is
 * unpacked.
 */
export async function unpackArchive(
  url: string,
  checksums: Record<string, string>,
  dir: string,
): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const expected = checksums[platform];
  if (expected === undefined) throw new Error(`No checksum of ${url} is known for ${platform}.`);

  const response = await fetch(url, { signal: AbortSignal.timeout(600_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  const archive = Buffer.from(await response.arrayBuffer());
  const actual = createHash("sha256").update(archive).digest("hex");
  if (actual !== expected) {
    throw new Error(`${url} has the SHA-256 checksum ${actual}, and not ${expected}.`);
  }
  const file = join(dir, "archive.tar.gz");
  await writeFile(file, archive);
  await run("tar", ["-xzf", file, "-C", dir]);
  await rm(file);
}
