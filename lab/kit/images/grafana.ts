import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { ImageRecipe } from "./image.ts";
import { nodeImage } from "./node.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/**
 * The program: the stand-in, and the code that draws dashboards, with the packages that it serves.
 */
const PROGRAM = {
  "lab/kit/grafana": join(ROOT, "lab/kit/grafana"),
  "lab/page": join(ROOT, "lab/page"),
  "node_modules/uplot": packageFolder("uplot"),
  "node_modules/marked": packageFolder("marked"),
};

/**
 * The stand-in for grafana/grafana: the same paths, user and environment; see `lab/kit/grafana/`.
 */
export const grafanaImage: ImageRecipe = {
  tag: "vllm-observability-offline/grafana:stand-in",
  folder: "grafana",
  base: nodeImage,
  ingredients: Object.values(PROGRAM).map(hashOf),
  context: () =>
    Promise.resolve(
      Object.fromEntries(
        Object.entries(PROGRAM).map(([place, folder]) => [`program/${place}`, folder]),
      ),
    ),
};

function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()) {
    hash.update(file.slice(folder.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}
