import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { ROOT } from "../project.ts";
import { ensureDocker } from "../setup/docker.ts";
import { report } from "../setup/report.ts";

/** The levels, cheapest first: each proves more than the one before, and takes longer. */
const LEVELS: Record<string, () => Promise<void> | void> = {
  static: () => {
    npx("tsc", "--noEmit");
    npx("eslint", ".");
    npx("prettier", "--check", ".");
  },
  unit: () => {
    // All in one process: most of the time would go into loading the SDKs again for each file.
    runTests((file) => !/\.(prometheus|engine|e2e)\.test\.ts$/.test(file), "--test-isolation=none");
  },
  prometheus: () => {
    runTests((file) => file.endsWith(".prometheus.test.ts"));
  },
  e2e: async () => {
    if (!(await dockerIsThere())) return;
    runTests(
      (file) => /\.(engine|e2e)\.test\.ts$/.test(file),
      // One file after the other: they share a Docker host, and some time their steps.
      "--test-concurrency=1",
      // A failed test may leave servers running, which would keep its process alive for ever.
      "--test-force-exit",
    );
  },
};

/** Runs the levels that are named, or all, in order; stops at the first that fails. */
export async function test(levels: string[]): Promise<void> {
  const unknown = levels.filter((level) => !(level in LEVELS));
  if (unknown.length > 0) {
    throw new Failure(
      `There is no test level "${unknown.join('", "')}": choose of ${Object.keys(LEVELS).join(", ")}.`,
    );
  }
  for (const [level, run] of Object.entries(LEVELS)) {
    if (levels.length > 0 && !levels.includes(level)) continue;
    await report.step(`Tests, level ${level}`, async () => {
      await run();
    });
  }
}

/** Without Docker the last level cannot run. On a developer's machine that is said, in CI it fails. */
async function dockerIsThere(): Promise<boolean> {
  try {
    await ensureDocker(report);
    return true;
  } catch (error) {
    if (process.env.CI === "true") throw error;
    console.error(
      `\n*** LEVEL e2e IS SKIPPED: ${error instanceof Error ? error.message : String(error)} ***\n`,
    );
    return false;
  }
}

function runTests(chosen: (file: string) => boolean, ...options: string[]): void {
  const files = globSync("test/**/*.test.ts", { cwd: ROOT }).filter(chosen).sort();
  if (files.length === 0) throw new Failure("There are no tests of this level.");
  run(process.execPath, ["--test", ...options, ...files]);
}

function npx(tool: string, ...args: string[]): void {
  run(join(ROOT, "node_modules/.bin", tool), args);
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) throw new Failure(`${command} ${args[0] ?? ""} failed.`);
}
