import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { planFiles, planStack } from "../../plan.ts";
import { DEFAULT_STACK, readSettings } from "../project.ts";

/** Writes the files that the stack would mount and register. Needs neither engine nor Docker. */
export function render(options: { stack?: string; out: string }): void {
  const files = planFiles(planStack(readSettings(options.stack ?? DEFAULT_STACK)));
  for (const [path, text] of Object.entries(files)) {
    const file = resolve(join(options.out, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(file);
  }
}
