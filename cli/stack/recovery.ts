import { existsSync, globSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { USER } from "../../grafana/server.ts";
import { PROJECT } from "../../settings.ts";
import { backendFolder } from "./backend.ts";
import { dockerClient } from "./containers.ts";
import { runOperation } from "./operation.ts";
import { isAlive } from "./isAlive.ts";
import type { Report } from "../../tools/report.ts";
import { forgetPendingOperations, ON_DOCKER, type StackState } from "./state.ts";
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
 * Removes what a killed command had begun to create and the state does not know: the next `up`
 * would find its name taken. Volumes are left, since creating one again keeps its data.
 */
export async function removeHalfMade(
  stack: Stack,
  state: StackState,
  grafana: { url: string },
  report: Report,
): Promise<void> {
  for (const { type, inputs } of state.halfCreated) {
    const name = typeof inputs.name === "string" ? inputs.name : "";
    switch (type) {
      case "docker:index/container:Container":
        await ignoreMissing(dockerClient().getContainer(name).remove({ force: true, v: true }));
        break;
      case "docker:index/network:Network":
        await ignoreMissing(dockerClient().getNetwork(name).remove());
        break;
      case "grafana:oss/folder:Folder":
        await deleteInGrafana(`/api/folders/${String(inputs.uid)}`);
        break;
      case "grafana:oss/dataSource:DataSource":
        await deleteInGrafana(`/api/datasources/uid/${String(inputs.uid)}`);
        break;
      default:
        continue;
    }
    report.say(
      `Removed what an interrupted command had half made: ${type.split(":").at(-1) ?? ""} ${name}`,
    );
  }
  await forgetPendingOperations(stack);

  async function deleteInGrafana(path: string): Promise<void> {
    if (state.password === undefined) return;
    const credentials = Buffer.from(`${USER}:${state.password}`).toString("base64");
    // Not answered by a Grafana that is down: then `up` starts it, and says what is in the way.
    await fetch(`${grafana.url}${path}`, {
      method: "DELETE",
      headers: { authorization: `Basic ${credentials}` },
    }).catch(() => undefined);
  }
}

/**
 * Finds out what was stopped or removed by hand on the Docker host. For a stack whose Grafana is
 * not healthy: there the engine fails to read what is registered in it, and with that a whole
 * refresh.
 */
export async function refreshServers(stack: Stack): Promise<void> {
  await runOperation("Looking for what was stopped or removed by hand", stack, (onEvent) =>
    stack.refresh({ target: [`**${ON_DOCKER}**`], onEvent }),
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
