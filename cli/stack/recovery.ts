import { dockerClient } from "./containers.ts";
import { askGrafana } from "./grafanaApi.ts";
import { runOperation } from "./operation.ts";
import type { Report } from "../../tools/report.ts";
import { breakStaleLock } from "./staleLock.ts";
import { forgetPendingOperations, ON_DOCKER, type StackState } from "./stackState.ts";
import type { Stack } from "./workspace.ts";

/** Unlocks a stack that an earlier command left locked, and reports that it did. */
export async function recoverLock(stack: Stack, report: Report): Promise<void> {
  if (await breakStaleLock(stack)) {
    report.say("An earlier command was killed and left the stack locked: its lock was removed.");
  }
}

/**
 * Removes resources that a killed command had begun to create and that are not in the state:
 * otherwise their names would be in use at the next `up`. Volumes stay, since creating an existing
 * volume keeps its data. A resource that cannot be removed is reported, and the next command retries.
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

/** Removes a resource if it exists; false for types that may stay. */
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

/** False without a password: in that case nothing was created in Grafana. */
async function deleteInGrafana(url: string, password: string | undefined): Promise<boolean> {
  if (password === undefined) return false;
  const { ok, status } = await askGrafana(url, password, { method: "DELETE", timeout: 10_000 });
  if (!ok && status !== 404) throw new Error(`Grafana answers ${status}`);
  return true;
}

/**
 * Refreshes only the resources on the Docker host. Use this if Grafana is not healthy: a full
 * refresh would fail, since the engine could not read the resources in Grafana.
 */
export async function refreshServers(stack: Stack): Promise<void> {
  await runOperation("Refreshing the state of containers, volumes and networks", stack, (options) =>
    stack.refresh({ target: [`**${ON_DOCKER}**`], ...options }),
  );
}

async function ignoreMissing(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
