import { existsSync } from "node:fs";
import { join } from "node:path";
import { cached, cacheDir } from "./cache.ts";
import { reachable } from "./network.ts";
import type { Report } from "./report.ts";
import type { Source } from "./sources.ts";

/** A tool that is brought into the cache folder where the machine has none. */
export interface FetchedTool {
  /** Its folder there, whose name carries the version. */
  folder: string;
  /** The program, relative to that folder. */
  program: string;
}

/** The tool's path once `fetch` has filled its folder, which it does only where there is none. */
export async function fetched(
  { folder, program }: FetchedTool,
  fetch: (dir: string) => Promise<void>,
): Promise<string> {
  return join(await cached(folder, fetch), program);
}

/** The tool as an earlier run has brought it. */
export function fetchedBefore({ folder, program }: FetchedTool): Source {
  return {
    name: "fetched before",
    find: () => {
      const file = join(cacheDir(), folder, program);
      return Promise.resolve(existsSync(file) ? file : undefined);
    },
  };
}

/** The tool as its makers offer it at `host`; `title` is what people call it. */
export function officialDownload(
  tool: FetchedTool,
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
      if (!(await reachable(`https://${host}`))) throw new Error(`${host} cannot be reached`);
      return report.step(`Fetching ${title}`, () => fetched(tool, download));
    },
  };
}
