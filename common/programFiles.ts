import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * All files that a program of this project loads, by their path in the project; `main` is the entry point.
 * They run in a plain Node image, which strips the types, so the program may import no package. A change to
 * any of these files restarts the container, so import each name from the file that defines it.
 */
export function programFiles(main: URL): Record<string, string> {
  const files: Record<string, string> = { "package.json": '{ "type": "module" }\n' };
  const collect = (file: URL) => {
    const path = relative(ROOT, fileURLToPath(file));
    if (path in files) return;
    const text = readFileSync(file, "utf8");
    files[path] = text;
    for (const [, imported = ""] of text.matchAll(IMPORT)) collect(new URL(imported, file));
  };
  collect(main);
  return files;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** An import or export of a file, except of types only. */
const IMPORT = /^(?:import|export) (?!type )[^;]*?from "(\.{1,2}\/[^"]+)";$/gm;
