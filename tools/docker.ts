import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { Failure } from "./failure.ts";
import { confirm } from "./confirm.ts";
import { installPackages, mayInstallPackages } from "./apt.ts";
import { findDockerd, startDocker } from "./dockerd.ts";
import type { Report } from "./report.ts";

const DEFAULT_ADDRESS = "unix:///var/run/docker.sock";

/** Docker as Debian packages it. */
const PACKAGES = ["docker.io", "iptables"];

/**
 * The address of a Docker Engine that answers. Starts a local engine if it is installed; as root on
 * Debian, installs it first. Never starts a remote engine.
 *
 * The engine of a docker context becomes the `DOCKER_HOST` of this process and its children, since
 * only the `docker` command knows contexts. `DOCKER_HOST` stays unset for the default engine:
 * otherwise the provider would see a change of its configuration.
 *
 * @throws {Failure} if no engine answers or can be started, with the reason and what to do.
 */
export async function ensureDocker(report: Report): Promise<string> {
  const address = dockerAddress();
  if (address !== DEFAULT_ADDRESS) process.env.DOCKER_HOST = address;

  const failure = await ping();
  if (failure === undefined) return address;

  const reason = reasonAgainstStarting(address, failure);
  if (reason !== undefined) throw new Failure(reason);

  const answers = async () => (await ping()) === undefined;
  try {
    if (!findDockerd()) await installDocker(report);
    // The Debian package starts the engine if the machine has an init system.
    if (!(await answers())) {
      await report.step("Starting Docker", () => startDocker(answers, report));
    }
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
  return address;
}

/**
 * Asks for confirmation if {@link ensureDocker} would install Docker, since apt installs it
 * system-wide and not into the user's cache folder. `yes` or the variable `CI=true` skips the question.
 *
 * @throws {Failure} if the answer is no, or if there is no terminal.
 */
export async function confirmDockerInstallation(yes: boolean): Promise<void> {
  const address = dockerAddress();
  if (address !== DEFAULT_ADDRESS) return;
  const failure = await ping();
  if (failure === undefined || findDockerd() !== undefined) return;
  if (reasonAgainstStarting(address, failure) !== undefined) return;
  await confirm(
    `Docker is not installed. This installs the Debian packages ${PACKAGES.join(" and ")} system-wide with apt.`,
    yes || process.env.CI === "true",
  );
}

/**
 * The address of the Docker Engine, found the same way as the `docker` command does: `DOCKER_HOST`,
 * the context in `DOCKER_CONTEXT` or in the configuration, the default socket.
 */
export function dockerAddress(env: NodeJS.ProcessEnv = process.env): string {
  if (env.DOCKER_HOST) return env.DOCKER_HOST;

  const home = env.HOME ?? homedir();
  const config = env.DOCKER_CONFIG ?? join(home, ".docker");
  const context = env.DOCKER_CONTEXT ?? readJson(join(config, "config.json"))?.currentContext;
  if (typeof context === "string" && context !== "" && context !== "default") {
    const id = createHash("sha256").update(context).digest("hex");
    const meta = readJson(join(config, "contexts", "meta", id, "meta.json")) as
      { Endpoints?: { docker?: { Host?: string } } } | undefined;
    const host = meta?.Endpoints?.docker?.Host;
    if (host) return host;
    throw new Failure(
      `The Docker context "${context}" does not exist. Choose another: docker context ls`,
    );
  }
  return DEFAULT_ADDRESS;
}

/**
 * Why this program must not start the engine at `address`, which failed with `failure`, and what to
 * do instead; undefined if the program may start the engine.
 */
export function reasonAgainstStarting(
  address: string,
  failure: NodeJS.ErrnoException,
  machine = {
    root: process.getuid?.() === 0,
    dockerd: findDockerd() !== undefined,
    installable: mayInstallPackages(),
  },
): string | undefined {
  const answer = `Docker does not answer at ${address}`;
  if (address !== DEFAULT_ADDRESS) {
    return `${answer} (${failure.message}). Start it, or choose another: DOCKER_HOST, docker context`;
  }
  if (failure.code === "EACCES") {
    return (
      `This user may not use Docker (${address}: permission denied). Join the group docker ` +
      "(sudo usermod -aG docker $USER), log in again, then run this again."
    );
  }
  if (machine.installable || (machine.root && machine.dockerd)) return undefined;
  return machine.dockerd
    ? `${answer}, and only root may start it: sudo systemctl start docker`
    : `${answer}. Install Docker (https://docs.docker.com/engine/install/) and start it, ` +
        "then run this again. On Debian, this program can install it when it runs as root.";
}

/** Pings the engine; returns the error if it does not answer within 10 s. */
async function ping(): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await new Docker({ timeout: 10_000 }).ping();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

async function installDocker(report: Report): Promise<void> {
  await report.step(`Installing Docker (Debian packages ${PACKAGES.join(", ")})`, (update) =>
    installPackages(PACKAGES, update),
  );
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
