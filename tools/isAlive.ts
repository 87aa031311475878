import { readFileSync } from "node:fs";

/**
 * Whether a process of this machine is running. A zombie, which has ended and stays listed until its
 * parent waits for it, is not.
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
