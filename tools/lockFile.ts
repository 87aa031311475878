import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./isAlive.ts";

/**
 * Runs an action while no other process on this machine runs one with the same lock file. The file
 * contains the process's id; a lock whose process has ended is removed. Two actions of one process
 * do not wait for each other.
 */
export async function exclusively<T>(lock: string, action: () => Promise<T>): Promise<T> {
  while (!(await claim(lock))) await sleep(200);
  try {
    return await action();
  } finally {
    if (holder(lock) === process.pid) await rm(lock, { force: true });
  }
}

async function claim(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, `${process.pid}`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const pid = holder(lock);
  if (pid === process.pid) return true;
  if (pid !== undefined && !isAlive(pid)) await rm(lock, { force: true });
  return false;
}

/** The process that has the lock; undefined if the lock was just removed or is being written. */
function holder(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}
