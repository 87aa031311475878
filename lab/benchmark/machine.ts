import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** A sentence for tables that describes the machine and the versions. */
export function machineText(programs: readonly string[]): string {
  const cpu = (cpus()[0]?.model ?? arch()).replace(/\s+/g, " ").trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = (loadavg()[0] ?? 0).toFixed(1);
  const day = new Date().toISOString().slice(0, 10);
  const versions = [...programs, `Node.js ${process.versions.node}`].join(", ");
  return `Measured on ${day} with ${versions}, on ${availableParallelism()} CPUs (${cpu}), ${memory} GiB of memory, ${type()} ${release()}; load average before: ${load}.`;
}
