/** What a container needs in order to run the demo. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The file that Node starts. */
export const DEMO_MAIN = "simulator/main.ts";

/**
 * All files that the demo's program loads, by their path in the project. They need nothing but Node,
 * which leaves the types out. A change of any of them starts the demo anew, so the simulator imports
 * what it needs of `vllm/` from its place there, and not from all of it.
 */
export function demoFiles(): Record<string, string> {
  const files: Record<string, string> = { "package.json": '{ "type": "module" }\n' };
  const collect = (file: URL) => {
    const path = relative(ROOT, fileURLToPath(file));
    if (path in files) return;
    const text = readFileSync(file, "utf8");
    files[path] = text;
    for (const [, imported = ""] of text.matchAll(IMPORT)) collect(new URL(imported, file));
  };
  collect(new URL("main.ts", import.meta.url));
  return files;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** An import or export of a file, unless it is of types alone. */
const IMPORT = /^(?:import|export) (?!type )[^;]*?from "(\.{1,2}\/[^"]+)";$/gm;
