import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation/index.js";
import { lastLogLines, stackContainers } from "./containers.ts";
import { Failure } from "../../tools/failure.ts";
import { lockedOut } from "./login.ts";
import { describeChanges, followOperation } from "./progress.ts";
import { report } from "../../tools/report.ts";
import { type Stack, translate } from "./workspace.ts";

/**
 * Runs one operation of the engine as a phase of its own: its resources' changes are told as they
 * happen, then its time and its outcome.
 *
 * @throws {Failure} with the engine's errors, and the last output of containers that did not get
 * healthy.
 */
export async function runOperation(
  title: string,
  stack: Pick<Stack, "name">,
  operation: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<OpMap> {
  const progress = followOperation(report);
  try {
    await report.step(title, () => operation(progress.onEvent));
  } catch (error) {
    const known = translate(error, stack.name);
    if (known instanceof Failure) throw known;
    const told = progress.errors.filter((text) => !/^(update|refresh|destroy) failed$/.test(text));
    if (told.length === 0) throw error;
    if (told.some((text) => text.includes("[401]"))) throw new Failure(lockedOut(stack.name));
    throw new Failure([...told, ...(await unhealthyContainers(stack.name))].join("\n"));
  }
  report.say(`  ${describeChanges(progress.changes)}`);
  return progress.changes;
}

/** What the servers said that are not healthy. */
async function unhealthyContainers(stack: string): Promise<string[]> {
  const servers = ["prometheus", "grafana", "demo", "alertmanager"];
  const ailing = (await stackContainers(stack)).filter(
    ({ component, healthy }) => servers.includes(component) && !healthy,
  );
  return Promise.all(
    ailing.map(async ({ id, name }) =>
      [
        `The last lines of ${name}:`,
        ...(await lastLogLines(id, 20)).map((line) => `  ${line}`),
      ].join("\n"),
    ),
  );
}
