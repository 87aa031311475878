import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";
import { confirmDockerInstallation, ensureDocker } from "../../tools/docker.ts";
import { browserProgram } from "../../tools/browser.ts";
import { report } from "../../tools/report.ts";
import { fileTimes, timesTable } from "./testTimes.ts";

/** The levels, cheapest first: each proves more than the one before, and takes longer. */
const LEVELS: Record<string, () => Promise<unknown>> = {
  static: async () => {
    await npx("tsc", "--noEmit");
    await npx("tsc", "--noEmit", "--project", "lab/page/browser");
    await npx("eslint", ".");
    await npx("depcruise", "--config", ".dependency-cruiser.js", ".");
    await npx("prettier", "--check", ".");
    await runFiles(
      testFiles((file) => file.endsWith(".static.test.ts")),
      5,
    );
  },
  unit: () => {
    // Run one process for each of two processors, not one for each file: otherwise most of the time
    // would go into loading the SDKs again. Dealing out the files largest first, back and forth,
    // gives both processes about the same amount of work.
    const files = testFiles(isUnitTest).sort((one, other) => sizeOf(other) - sizeOf(one));
    return Promise.all(
      [0, 1].map((share) =>
        runFiles(
          files.filter((_, index) => [0, 1, 1, 0][index % 4] === share),
          1,
          "--test-isolation=none",
        ),
      ),
    );
  },
  prometheus: () =>
    runFiles(
      testFiles((file) => file.endsWith(".prometheus.test.ts")),
      20,
      ...PAIRS,
    ),
  browser: async () => {
    if (!browserIsThere()) return;
    await runFiles(
      testFiles((file) => file.endsWith(".browser.test.ts")),
      20,
      ...PAIRS,
    );
  },
  e2e: async () => {
    if (!(await dockerIsThere())) return;
    const files = testFiles((file) => /\.(engine|e2e)\.test\.ts$/.test(file));
    const [drills, others] = [files.filter(isDrill), files.filter((file) => !isDrill(file))];
    // A failed test may leave servers running, which would keep the test process alive.
    const options = ["--test-concurrency=1", "--test-force-exit"];
    // Drills need no Docker and mostly wait. The other tests share a Docker host and run one by one.
    await Promise.all([runFiles(drills, 30, ...options), runFiles(others, 30, ...options)]);
  },
};

/** Two files at a time: by default the test runner leaves one processor idle. */
const PAIRS = ["--test-concurrency=2"];

const isDrill = (file: string) => file.endsWith("drills.e2e.test.ts");

/**
 * Runs the named levels, or all, in order, and stops at the first that fails. At the end, also after
 * a failure, prints how long each level took, and its slow files.
 */
export async function test(levels: string[]): Promise<void> {
  const unknown = levels.filter((level) => !(level in LEVELS));
  if (unknown.length > 0) {
    throw new Failure(
      `Unknown test level "${unknown.join('", "')}": give one of ${Object.keys(LEVELS).join(", ")}.`,
    );
  }
  const times: Parameters<typeof timesTable>[0] = [];
  try {
    for (const [level, runLevel] of Object.entries(LEVELS)) {
      if (levels.length > 0 && !levels.includes(level)) continue;
      const began = Date.now();
      try {
        await report.step(`Tests, level ${level}`, runLevel);
      } finally {
        const files = fileTimes(readReports());
        times.push({ level, milliseconds: Date.now() - began, files });
      }
    }
  } finally {
    console.log(`\nTimes by level and file:\n${timesTable(times)}`);
    rmSync(REPORTS, { recursive: true, force: true });
  }
}

/** Where the test runners of a level write their times; read and emptied after each level. */
const REPORTS = mkdtempSync(join(tmpdir(), "vllm-observability-tests-"));

function readReports(): string {
  const files = readdirSync(REPORTS).map((name) => join(REPORTS, name));
  const text = files.map((file) => readFileSync(file, "utf8")).join("");
  for (const file of files) rmSync(file);
  return text;
}

/** Without Docker the level e2e is skipped with a warning; in CI it fails. */
async function dockerIsThere(): Promise<boolean> {
  try {
    await confirmDockerInstallation(false);
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

/** Without a browser the level browser is skipped with a warning; in CI it fails. */
function browserIsThere(): boolean {
  if (browserProgram !== undefined) return true;
  const lack = "Neither Chromium nor Chrome is installed: install Debian's package chromium.";
  if (process.env.CI === "true") throw new Failure(lack);
  console.error(`\n*** LEVEL browser IS SKIPPED: ${lack} ***\n`);
  return false;
}

function isUnitTest(file: string): boolean {
  return !/\.(static|prometheus|browser|engine|e2e)\.test\.ts$/.test(file);
}

function testFiles(chosen: (file: string) => boolean): string[] {
  return globSync("test/**/*.test.ts", { cwd: ROOT }).filter(chosen).sort();
}

/** Runs test files. `minutes` is the time limit of each test; it is generous if tools may be built. */
async function runFiles(files: string[], minutes: number, ...options: string[]): Promise<void> {
  if (files.length === 0) throw new Failure("This level has no test files.");
  const reporters = [
    ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
    `--test-reporter=${join(import.meta.dirname, "testTimes.ts")}`,
    `--test-reporter-destination=${join(REPORTS, randomUUID())}`,
  ];
  await run(process.execPath, [
    "--test",
    `--test-timeout=${minutes * 60_000}`,
    ...reporters,
    ...options,
    ...files,
  ]);
}

function sizeOf(file: string): number {
  return statSync(join(ROOT, file)).size;
}

function npx(tool: string, ...args: string[]): Promise<void> {
  return run(join(ROOT, "node_modules/.bin", tool), args);
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { cwd: ROOT, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Failure(`${command} ${args[0] ?? ""} failed.`);
}
