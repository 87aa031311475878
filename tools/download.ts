import { existsSync } from "node:fs";
import { join } from "node:path";
import { cached, cacheDir } from "./cache.ts";
import { reachable } from "./network.ts";
import type { Report } from "./report.ts";
import type { Source } from "./sources.ts";

/** A tool that is downloaded or built into the cache folder if the machine lacks it. */
export interface CachedTool {
  /** Its folder in the cache folder; the name includes the version. */
  folder: string;
  /** The program, relative to that folder. */
  program: string;
}

/** The path of the tool. If its folder does not exist yet, `fill` fills it first. */
export async function installed(
  { folder, program }: CachedTool,
  fill: (dir: string) => Promise<void>,
): Promise<string> {
  return join(await cached(folder, fill), program);
}

/** The tool from an earlier run. */
export function installedBefore({ folder, program }: CachedTool): Source {
  return {
    name: "in the cache folder",
    find: () => {
      const file = join(cacheDir(), folder, program);
      return Promise.resolve(existsSync(file) ? file : undefined);
    },
  };
}

/** The official download of the tool from `host`; `title` is its name in messages. */
export function officialDownload(
  tool: CachedTool,
  {
    title,
    host,
    download,
  }: { title: string; host: string; download: (dir: string) => Promise<void> },
  report: Report,
): Source {
  return {
    name: "official download",
    find: async () => {
      if (!(await reachable(`https://${host}`))) throw new Error(`${host} is not reachable`);
      return report.step(`Downloading ${title}`, () => installed(tool, download));
    },
  };
}
