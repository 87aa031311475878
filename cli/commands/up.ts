import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { confirm } from "../stack/confirm.ts";
import { isHealthy, stackContainers } from "../stack/containers.ts";
import { checkLogin } from "../stack/login.ts";
import { runOperation } from "../stack/operation.ts";
import { checkPorts, checkState } from "../stack/preflight.ts";
import { breakStaleLock, refreshServers, removeHalfMade } from "../stack/recovery.ts";
import { type CommandOptions, type Session, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/state.ts";
import { statusTable } from "../stack/statusTable.ts";
import { awaitTargets } from "../stack/targets.ts";

/** Creates a stack, or updates it to its settings, whatever happened to it meanwhile. */
export async function up(options: CommandOptions & { yes?: boolean }): Promise<void> {
  await withSession(options, async (session) => {
    const { name, plan, stack } = session;
    const containers = await stackContainers(name);
    await checkPorts(name, plan, containers);
    await breakStaleLock(stack, report);
    const state = await readState(stack);
    checkState(name, state, containers);
    await checkLogin(name, plan.monitoring.grafana, state.password);
    await removeHalfMade(stack, state, plan.monitoring.grafana, report);

    if (state.isUp) {
      await confirmVolumeLoss(session, options.yes ?? false);
      if (!(await isHealthy(name, "grafana"))) await restoreServers(session);
    }
    await runOperation(state.isUp ? "Updating the stack" : "Creating the stack", stack, (onEvent) =>
      stack.up({ refresh: state.isUp, onEvent }),
    );
    const targets = await report.step("Waiting for the first scrapes", () =>
      awaitTargets(plan.outputs.prometheusUrl, plan.targets, FIRST_SCRAPES),
    );
    console.log(`\n${statusTable(name, plan.outputs, targets)}`);
  });
}

/** Milliseconds: long enough for Prometheus to load a changed file and to scrape each target once. */
const FIRST_SCRAPES = 20_000;

/** Asks before volumes go. No setting replaces one, but switching a part off deletes its own. */
async function confirmVolumeLoss({ stack }: Session, yes: boolean): Promise<void> {
  const lost: string[] = [];
  const onEvent = ({ resourcePreEvent }: EngineEvent) => {
    const step = resourcePreEvent?.metadata;
    if (step?.type !== "docker:index/volume:Volume") return;
    if (/delete|replace/.test(step.op)) lost.push(String(step.old?.inputs.name ?? step.urn));
  };
  await runOperation("Looking at what would change", stack, (follow) =>
    stack.preview({
      onEvent: (event) => {
        follow(event);
        onEvent(event);
      },
    }),
  );
  if (lost.length > 0) {
    await confirm(`This deletes ${[...new Set(lost)].join(", ")} with all data in it.`, yes);
  }
}

/** Recreates servers that were stopped or removed by hand, or never became healthy. */
async function restoreServers({ stack }: Session): Promise<void> {
  await refreshServers(stack);
  await runOperation("Restoring missing resources", stack, (onEvent) => stack.up({ onEvent }));
}
