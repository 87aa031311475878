import { readFileSync } from "node:fs";

/**
 * Whether a process of this machine still works. One that has ended stays in the list of processes
 * until its parent has asked how: that is no longer alive.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  try {
    // After the program's name, in parentheses, comes the state (proc(5)).
    return !/\) [ZX] [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Only Linux has /proc.
    return true;
  }
}
