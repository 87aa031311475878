import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../../tools/run.ts";
import { ROOT } from "../../tools/project.ts";
import { interrupted } from "./interrupt.ts";

/** What a command cost, including all programs that it started. */
export interface CommandCost {
  seconds: number;
  /** The peak of their total resident memory, in bytes; shared pages count once per program. */
  memory: number;
}

/**
 * Runs one of the project's commands.
 *
 * @throws Error with the end of its output if it fails.
 */
export async function measureCommand(
  args: readonly string[],
  env: Record<string, string>,
): Promise<CommandCost> {
  const begin = performance.now();
  const child = spawn(process.execPath, ["cli/main.ts", ...args], {
    ...{ cwd: ROOT, env: { ...process.env, ...env }, signal: interrupted },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (piece: Buffer) => {
      output = (output + piece.toString()).slice(-2000);
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const sample = async () => {
    let most = 0;
    while (isRunning()) {
      const processes = await run("ps", ["-A", "-o", "pid=,ppid=,rss="]);
      most = Math.max(most, treeMemory(processes, child.pid ?? 0));
      await sleep(SAMPLE_INTERVAL);
    }
    return most;
  };
  const [code, seconds, memory] = await Promise.all([
    ended,
    ended.then(() => (performance.now() - begin) / 1000),
    sample(),
  ]);
  if (code === 0) return { seconds, memory };
  throw new Error(`\`${args.join(" ")}\` exited with ${code ?? "a signal"}:\n${output}`);
}

/** Milliseconds between two memory samples. */
const SAMPLE_INTERVAL = 200;

/**
 * Bytes of resident memory of a process and all its descendants.
 *
 * @param processes Lines with an id, the parent's id and KiB, as printed by `ps -o pid=,ppid=,rss=`.
 */
export function treeMemory(processes: string, root: number): number {
  const all = processes
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, rss = 0]) => ({ pid, parent, rss }));
  const sum = (id: number): number =>
    all.filter(({ parent }) => parent === id).reduce((total, { pid }) => total + sum(pid), 0) +
    1024 * (all.find(({ pid }) => pid === id)?.rss ?? 0);
  return sum(root);
}
