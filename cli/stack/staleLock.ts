import { existsSync, globSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT } from "../../settings.ts";
import { isAlive } from "../../tools/isAlive.ts";
import { backendFolder } from "./backend.ts";
import type { Stack } from "./workspace.ts";

/**
 * Unlocks a stack that a killed engine left locked, and returns whether it did. It removes only locks
 * of processes that ran on this machine and have ended. Only a file backend has such locks.
 */
export async function breakStaleLock(stack: Pick<Stack, "name" | "cancel">): Promise<boolean> {
  const backend = backendFolder();
  const folder = join(backend ?? "", "locks/organization", PROJECT, stack.name);
  if (backend === undefined || !existsSync(folder)) return false;
  const locks = globSync("*.json", { cwd: folder }).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock,
  );
  if (locks.length === 0 || !(await areStale(locks))) return false;
  await stack.cancel();
  return true;
}

/** The part of Pulumi's lock file that is used here. */
interface Lock {
  pid: number;
  hostname: string;
}

/** Whether the lock holders have ended. Waits up to 3 s for a process that was just killed. */
async function areStale(locks: Lock[]): Promise<boolean> {
  if (locks.some((lock) => lock.hostname !== hostname())) return false;
  const deadline = Date.now() + 3_000;
  while (locks.some(({ pid }) => isAlive(pid))) {
    if (Date.now() > deadline) return false;
    await sleep(100);
  }
  return true;
}
