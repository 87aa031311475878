import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { demo } from "../../demo.ts";
import { planFiles, planStack } from "../../plan.ts";
import { Failure } from "../../tools/failure.ts";
import { DEFAULT_STACK, readSettings, ROOT } from "../../tools/project.ts";

/** Writes the stack's configuration files and dashboards. Needs neither the engine nor Docker. */
export function render(options: { stack?: string; out: string }): void {
  if (options.out === "" || resolve(options.out) === ROOT) {
    throw new Failure(
      `--out: ${JSON.stringify(options.out)} is this project's own folder: give another one.`,
    );
  }
  const files = planFiles(planStack(readSettings(options.stack ?? DEFAULT_STACK), demo));
  for (const [path, text] of Object.entries(files)) {
    const file = resolve(join(options.out, path));
    try {
      makeFolder(dirname(file));
      writeFileSync(file, text);
    } catch (error) {
      throw new Failure(
        `--out: cannot write to "${options.out}" (${(error as Error).message}): give a folder that you may write to.`,
      );
    }
    console.log(file);
  }
}

/** Like mkdir -p. Node's `recursive` option never returns if folders cannot be created, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
