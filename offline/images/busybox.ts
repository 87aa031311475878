import { existsSync } from "node:fs";
import { join } from "node:path";
import { cached } from "../../tools/setup/cache.ts";
import type { Report } from "../../tools/setup/report.ts";
import { allOnPath, run } from "../../tools/setup/run.ts";
import type { ImageRecipe } from "./image.ts";

/** The base of all others: a static busybox, its links, and the users root and nobody. */
export const busybox: ImageRecipe = {
  tag: "vllm-observability-offline/busybox:latest",
  folder: "busybox",
  ingredients: [],
  context: async (report) => ({ busybox: await findBusybox(report) }),
};

/** Debian's static busybox: installed, or unpacked from its package into the cache folder. */
async function findBusybox(report: Report): Promise<string> {
  const installed = allOnPath("busybox").find((path) => existsSync(path));
  if (installed && (await isStatic(installed))) return installed;
  const dir = await cached("busybox", (place) =>
    report.step("Fetching busybox", async () => {
      await run("apt-get", ["download", "-qq", "busybox-static"], { cwd: place });
      await run("sh", ["-c", "dpkg-deb -x busybox-static_*.deb ."], { cwd: place });
    }),
  );
  const places = ["bin/busybox", "usr/bin/busybox"].map((path) => join(dir, path));
  const found = places.find((path) => existsSync(path));
  if (!found) throw new Error(`The package busybox-static holds none of ${places.join(", ")}.`);
  return found;
}

/** Whether a program needs no shared library: then ldd, in one way or another, will not list any. */
async function isStatic(program: string): Promise<boolean> {
  const libraries = await run("ldd", [program]).catch(() => "");
  return !libraries.includes("=>");
}
