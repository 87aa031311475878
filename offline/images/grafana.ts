import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ImageRecipe } from "./image.ts";
import { node } from "./node.ts";

const PROGRAM = join(import.meta.dirname, "..", "grafana");

/** The stand-in for grafana/grafana: the same paths, user and environment; see `offline/grafana/`. */
export const grafana: ImageRecipe = {
  tag: "vllm-observability-offline/grafana:stand-in",
  folder: "grafana",
  base: node,
  ingredients: [hashOf(PROGRAM)],
  context: () => Promise.resolve({ program: PROGRAM }),
};

function hashOf(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}
