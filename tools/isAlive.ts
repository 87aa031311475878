import { readFileSync } from "node:fs";

/**
 * Whether a process is running on this machine. A zombie does not count: it has ended, but stays
 * listed until its parent waits for it.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    // The state follows the program's name, which is in parentheses (proc(5)).
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Only Linux has /proc.
    return true;
  }
}
