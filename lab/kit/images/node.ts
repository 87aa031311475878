import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../../tools/run.ts";
import { busyboxImage } from "./busybox.ts";
import type { ImageRecipe } from "./image.ts";

/**
 * Like node:alpine, but without npm: the Node that runs this code, with the shared libraries that it
 * needs, and the user `node` (1000).
 */
export const nodeImage: ImageRecipe = {
  tag: "vllm-observability-offline/node:24",
  folder: "node",
  base: busyboxImage,
  ingredients: [process.version, process.arch],
  context: async () => ({ node: process.execPath, ...(await sharedLibraries(process.execPath)) }),
};

/** Keyed by path in the build context: below `root/`, each library has the path that the loader uses. */
async function sharedLibraries(program: string): Promise<Record<string, string>> {
  const listed = await run("ldd", [program]);
  const needed = [...listed.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => path ?? []);
  // Before glibc 2.34, the C library itself loads these to look up host names; ldd does not list them.
  const folder = dirname(needed.find((path) => path.includes("/libc.so")) ?? "/lib");
  const lookup = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
  return Object.fromEntries([...needed, ...lookup].map((path) => [`root${path}`, path]));
}
