import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { confirm } from "../confirm.ts";
import { stackContainers } from "../docker.ts";
import { runOperation } from "../operation.ts";
import { checkPorts } from "../preflight.ts";
import { breakStaleLock, removeHalfMade } from "../recovery.ts";
import { type CommandOptions, type Session, withSession } from "../session.ts";
import { report } from "../setup/report.ts";
import { readState } from "../state.ts";
import { statusTable } from "../statusTable.ts";
import { awaitTargets } from "../targets.ts";

/** Brings a stack up, or brings it to what its settings say, whatever happened to it meanwhile. */
export async function up(options: CommandOptions & { yes?: boolean }): Promise<void> {
  await withSession(options, async (session) => {
    const { name, plan, stack } = session;
    await checkPorts(plan, await stackContainers(name));
    await breakStaleLock(stack, report);
    const state = await readState(stack);
    await removeHalfMade(stack, state, plan.monitoring.grafana, report);

    const exists = state.urns.some((urn) => urn.includes(DOCKER));
    if (exists) {
      await confirmVolumeLoss(session, options.yes ?? false);
      if (!(await isRunning(name, "grafana"))) await restoreServers(session);
    }
    await runOperation(exists ? "Updating the stack" : "Creating the stack", stack, (onEvent) =>
      stack.up({ refresh: exists, onEvent }),
    );
    const targets = await report.step("Waiting for the first scrapes", () =>
      awaitTargets(plan.outputs.prometheusUrl, plan.targets, FIRST_SCRAPES),
    );
    console.log(`\n${statusTable(name, plan.outputs, targets)}`);
  });
}

/** Long enough for Prometheus to see a changed file and to scrape each server once. */
const FIRST_SCRAPES = 20_000;

/** The middle of the URN of everything on the Docker host. */
const DOCKER = "docker:index/";

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

async function isRunning(stack: string, component: string): Promise<boolean> {
  const containers = await stackContainers(stack);
  return containers.some((one) => one.component === component && one.running);
}

/**
 * Makes the containers again that were stopped or removed by hand. The engine finds that out by a
 * refresh, but it cannot refresh what is registered in a Grafana that does not run, so this is
 * done for the Docker host alone, and the rest is refreshed afterwards.
 */
async function restoreServers({ stack }: Session): Promise<void> {
  await runOperation("Looking for what was stopped or removed by hand", stack, (onEvent) =>
    stack.refresh({ target: [`**${DOCKER}**`], onEvent }),
  );
  await runOperation("Bringing back what was missing", stack, (onEvent) => stack.up({ onEvent }));
}
