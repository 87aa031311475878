import { existsSync } from "node:fs";
import { allOnPath, run } from "./run.ts";

/** Whether this process may install Debian packages: root on Debian or a derivative of it. */
export function mayInstallPackages(): boolean {
  return (
    process.getuid?.() === 0 && existsSync("/etc/debian_version") && allOnPath("apt-get").length > 0
  );
}

/** The running installation, or the last one. */
let last: Promise<unknown> | undefined;

/**
 * Installs Debian packages as root, without recommended packages. Installations run one after the
 * other, since apt locks its lists; the first one updates the lists.
 */
export async function installPackages(
  packages: string[],
  onLine: (line: string) => void = () => undefined,
): Promise<void> {
  const apt = (...args: string[]) =>
    run("apt-get", ["--quiet", "--yes", "-o", "DPkg::Lock::Timeout=300", ...args], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
      onLine,
    });
  const ready = last ? last.catch(() => apt("update")) : apt("update");
  last = ready.then(() => apt("install", "--no-install-recommends", ...packages));
  await last;
}
