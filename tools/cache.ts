import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * The folder where tools land that this machine lacks: `$XDG_CACHE_HOME/vllm-observability`, or
 * `~/.cache/vllm-observability`. It belongs to the user, so that every clone finds the same tools;
 * deleting it costs nothing but the time to fill it again. `tools/start.mjs` uses the same folder.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  // A relative XDG_CACHE_HOME is to be ignored: XDG Base Directory Specification, "Basics".
  const base = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : undefined;
  return join(base ?? join(env.HOME ?? homedir(), ".cache"), "vllm-observability");
}

const UNFINISHED = ".new-";

/**
 * The folder `<cache>/<name>`, filled by `fill` when it is not there yet. `fill` gets an empty
 * folder, which is renamed into place once it is complete: nobody ever sees half a tool, and of two
 * processes that do this at once both end up with the one that came first.
 *
 * `name` carries the version, for a folder that exists is never filled again.
 */
export async function cached(
  name: string,
  fill: (dir: string) => Promise<void>,
  root: string = cacheDir(),
): Promise<string> {
  const place = join(root, name);
  if (existsSync(place)) return place;
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const dir = await mkdtemp(join(root, UNFINISHED));
  try {
    await fill(dir);
    await rename(dir, place);
  } catch (error) {
    await rm(dir, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
  return place;
}

/** Removes what processes that were killed while they filled a folder have left, a day later. */
async function removeLeftovers(root: string): Promise<void> {
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of (await readdir(root)).filter((entry) => entry.startsWith(UNFINISHED))) {
    const dir = join(root, name);
    const { mtimeMs } = await stat(dir).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < yesterday) await rm(dir, { recursive: true, force: true });
  }
}
