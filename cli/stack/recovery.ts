import { existsSync, globSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PROJECT } from "../../settings.ts";
import { backendFolder } from "./backend.ts";
import { dockerClient } from "./containers.ts";
import { askGrafana } from "./grafanaApi.ts";
import { runOperation } from "./operation.ts";
import { isAlive } from "../../tools/isAlive.ts";
import type { Report } from "../../tools/report.ts";
import { forgetPendingOperations, ON_DOCKER, type StackState } from "./stackState.ts";
import type { Stack } from "./workspace.ts";

/**
 * Unlocks a stack that a killed command has left locked. Only locks of this machine's processes that
 * have ended are removed; only a file backend has such locks.
 */
export async function breakStaleLock(stack: Stack, report: Report): Promise<void> {
  const backend = backendFolder();
  const folder = join(backend ?? "", "locks/organization", PROJECT, stack.name);
  if (backend === undefined || !existsSync(folder)) return;
  const locks = globSync("*.json", { cwd: folder }).map(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Lock,
  );
  if (locks.length > 0 && (await areStale(locks))) {
    report.say("An earlier command was killed and left the stack locked: removing its lock.");
    await stack.cancel();
  }
}

/**
 * Removes resources that a killed command had begun to create and that the state lacks: their names
 * would be in use at the next `up`. Volumes stay, since creating an existing one keeps its data. What
 * cannot be removed is reported, and tried again by the next command.
 */
export async function removeHalfCreated(
  stack: Stack,
  { halfCreated, password }: StackState,
  grafana: { url: string },
  report: Report,
): Promise<void> {
  const remaining: string[] = [];
  for (const { urn, type, inputs } of halfCreated) {
    const title = `${type.split(":").at(-1) ?? ""} ${String(inputs.name ?? inputs.title ?? inputs.uid)}`;
    try {
      if (await remove(type, inputs, grafana.url, password)) {
        report.say(`Removed what an interrupted command had begun to create: ${title}`);
      }
    } catch (error) {
      remaining.push(urn);
      report.say(
        `Could not remove what an interrupted command had begun to create: ${title} (${(error as Error).message}). The next command tries again.`,
      );
    }
  }
  await forgetPendingOperations(stack, remaining);
}

/** Removes a resource where it exists; false for types that may stay. */
async function remove(
  type: string,
  inputs: Record<string, unknown>,
  grafanaUrl: string,
  password: string | undefined,
): Promise<boolean> {
  const name = typeof inputs.name === "string" ? inputs.name : "";
  switch (type) {
    case "docker:index/container:Container":
      await ignoreMissing(dockerClient().getContainer(name).remove({ force: true, v: true }));
      return true;
    case "docker:index/network:Network":
      await ignoreMissing(dockerClient().getNetwork(name).remove());
      return true;
    case "grafana:oss/folder:Folder":
      return deleteInGrafana(`${grafanaUrl}/api/folders/${String(inputs.uid)}`, password);
    case "grafana:oss/dataSource:DataSource":
      return deleteInGrafana(`${grafanaUrl}/api/datasources/uid/${String(inputs.uid)}`, password);
    default:
      return false;
  }
}

/** False without a password: then nothing was created in Grafana. */
async function deleteInGrafana(url: string, password: string | undefined): Promise<boolean> {
  if (password === undefined) return false;
  const { ok, status } = await askGrafana(url, password, { method: "DELETE", timeout: 10_000 });
  if (!ok && status !== 404) throw new Error(`Grafana answers ${status}`);
  return true;
}

/**
 * Refreshes the resources on the Docker host only. For a stack whose Grafana is not healthy: a full
 * refresh fails there, since the engine cannot read the resources in Grafana.
 */
export async function refreshServers(stack: Stack): Promise<void> {
  await runOperation("Refreshing the state of containers, volumes and networks", stack, (options) =>
    stack.refresh({ target: [`**${ON_DOCKER}**`], ...options }),
  );
}

/** The part of Pulumi's lock file that is used here. */
interface Lock {
  pid: number;
  hostname: string;
}

/** Whether the processes that hold the locks have ended, within 3 s for one that was just killed. */
async function areStale(locks: Lock[]): Promise<boolean> {
  if (locks.some((lock) => lock.hostname !== hostname())) return false;
  const deadline = Date.now() + 3_000;
  while (locks.some(({ pid }) => isAlive(pid))) {
    if (Date.now() > deadline) return false;
    await sleep(100);
  }
  return true;
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
