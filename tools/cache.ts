import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { exclusively } from "./lockFile.ts";

/**
 * The folder for downloaded and built tools: `$XDG_CACHE_HOME/vllm-observability`, or
 * `~/.cache/vllm-observability`. All clones of a user share it, and it can be deleted at any time.
 * `cli/start.mjs` uses the same folder.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  // A relative XDG_CACHE_HOME must be ignored: XDG Base Directory Specification, "Basics".
  const base = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : undefined;
  return join(base ?? join(env.HOME ?? homedir(), ".cache"), "vllm-observability");
}

const UNFINISHED = ".new-";

/**
 * The folder `<cache>/<name>`, filled by `fill` when it does not exist yet. `fill` gets an empty
 * folder, which is renamed into place once it is complete: a half-installed tool is never visible.
 * If another call or process is already filling the folder, this call waits for it: two concurrent
 * builds of one program take twice as long.
 *
 * `name` must include the version, since an existing folder is never filled again.
 */
export function cached(
  name: string,
  fill: (dir: string) => Promise<void>,
  root: string = cacheDir(),
): Promise<string> {
  const place = join(root, name);
  if (existsSync(place)) return Promise.resolve(place);
  const running = filling.get(place) ?? fillOnce(root, name, fill);
  filling.set(place, running);
  return running.finally(() => filling.delete(place));
}

/** The folders that this process is filling now, by path. */
const filling = new Map<string, Promise<string>>();

async function fillOnce(
  root: string,
  name: string,
  fill: (dir: string) => Promise<void>,
): Promise<string> {
  const place = join(root, name);
  await mkdir(root, { recursive: true });
  return exclusively(join(root, `.lock-${name}`), async () => {
    if (existsSync(place)) return place;
    await removeLeftovers(root);
    const dir = await mkdtemp(join(root, UNFINISHED));
    try {
      await fill(dir);
      await rename(dir, place);
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
    return place;
  });
}

/** Removes unfinished folders of killed processes that are older than a day. */
async function removeLeftovers(root: string): Promise<void> {
  const yesterday = Date.now() - 24 * 3600 * 1000;
  for (const name of (await readdir(root)).filter((entry) => entry.startsWith(UNFINISHED))) {
    const dir = join(root, name);
    const { mtimeMs } = await stat(dir).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < yesterday) await rm(dir, { recursive: true, force: true });
  }
}
