import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { confirm } from "../../tools/confirm.ts";
import type { Plan } from "../../plan.ts";
import { type ConfiguredServer, reloadConfigurations } from "../stack/configuration.ts";
import { isHealthy, stackContainers } from "../stack/containers.ts";
import { checkLogin } from "../stack/login.ts";
import { runOperation } from "../stack/operation.ts";
import { checkPorts, checkState } from "../stack/preflight.ts";
import { recoverLock, refreshServers, removeHalfCreated } from "../stack/recovery.ts";
import { type CommandOptions, type Session, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/stackState.ts";
import { statusTable } from "../stack/statusTable.ts";
import { awaitTargets } from "../stack/targets.ts";

/** Creates a stack, or updates it to match its settings, whatever happened to it in the meantime. */
export async function up(options: CommandOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { name, plan, stack } = session;
    const containers = await stackContainers(name);
    await checkPorts(name, plan, containers);
    await recoverLock(stack, report);
    const state = await readState(stack);
    checkState(name, state, containers);
    await checkLogin(name, plan.monitoring.grafana, state.password);
    await removeHalfCreated(stack, state, plan.monitoring.grafana, report);

    if (!state.isUp) {
      await runOperation("Creating the stack", stack, (following) => stack.up(following));
    } else {
      const healthy = await isHealthy(name, "grafana");
      const unchanged = await planUpdate(session, { refresh: healthy, yes: options.yes ?? false });
      if (!healthy) await restoreServers(session);
      if (!healthy || !unchanged) {
        await runOperation("Updating the stack", stack, (following) =>
          stack.up({ refresh: true, ...following }),
        );
      }
    }
    await report.step("Checking the configurations", () =>
      reloadConfigurations(name, configuredServers(plan), report),
    );
    const targets = await report.step("Waiting for the first scrapes", () =>
      awaitTargets(plan.outputs.prometheusUrl, plan.targets, FIRST_SCRAPES),
    );
    console.log(`\n${statusTable(name, plan.outputs, targets)}`);
  });
}

/** Milliseconds: long enough for Prometheus to load a changed file and to scrape each target once. */
const FIRST_SCRAPES = 20_000;

function configuredServers({ outputs }: Plan): ConfiguredServer[] {
  const { prometheusUrl, alertmanagerUrl } = outputs;
  return [
    { component: "prometheus", url: prometheusUrl },
    ...(alertmanagerUrl === undefined
      ? []
      : [{ component: "alertmanager", url: alertmanagerUrl } as const]),
  ];
}

/**
 * Whether an update would change nothing. If the update would delete volumes, asks for confirmation:
 * no setting replaces a volume, but switching a component off deletes its volumes.
 */
async function planUpdate(
  { stack }: Session,
  { refresh, yes }: { refresh: boolean; yes: boolean },
): Promise<boolean> {
  const lost: string[] = [];
  const onEvent = ({ resourcePreEvent }: EngineEvent) => {
    const step = resourcePreEvent?.metadata;
    if (step?.type !== "docker:index/volume:Volume") return;
    if (/delete|replace/.test(step.op)) lost.push(String(step.old?.inputs.name ?? step.urn));
  };
  const changes = await runOperation("Planning the update", stack, (following) =>
    stack.preview({
      ...following,
      refresh,
      onEvent: (event) => {
        following.onEvent(event);
        onEvent(event);
      },
    }),
  );
  if (lost.length > 0) {
    await confirm(`This deletes ${[...new Set(lost)].join(", ")} with all data in it.`, yes);
  }
  return Object.keys(changes).every((op) => op === "same");
}

/** Recreates servers that were stopped or removed manually, or that never became healthy. */
async function restoreServers({ stack }: Session): Promise<void> {
  await refreshServers(stack);
  await runOperation("Restoring missing resources", stack, (following) => stack.up(following));
}
