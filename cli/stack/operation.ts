import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation/index.js";
import { lastLogLines, stackContainers } from "./containers.ts";
import { Failure } from "../../tools/failure.ts";
import { followSignals, Interrupted } from "./interruption.ts";
import { lockedOut } from "./login.ts";
import { describeChanges, followOperation } from "./progress.ts";
import { report } from "../../tools/report.ts";
import { breakStaleLock } from "./staleLock.ts";
import { type Stack, translate } from "./workspace.ts";

/** The options that every operation of the Automation API gets. */
interface OperationOptions {
  onEvent: (event: EngineEvent) => void;
  signal: AbortSignal;
}

/**
 * Runs one operation of the engine: reports each changed resource as it happens, then the time and
 * the number of changes.
 *
 * A first signal (Ctrl-C) makes the engine finish the running steps, save the state and release its
 * lock; a second one ends this process at once.
 *
 * @throws {Interrupted} after a signal, with the state of the stack and what to do.
 * @throws {Failure} with the engine's errors, and the last output of unhealthy containers.
 */
export async function runOperation(
  title: string,
  stack: Pick<Stack, "name" | "cancel">,
  operation: (options: OperationOptions) => Promise<unknown>,
): Promise<OpMap> {
  const progress = followOperation(report);
  const interruption = followSignals(() => {
    report.say(
      "Interrupted: waiting until the running steps are done. Interrupt again to stop at once.",
    );
  });
  try {
    await report.step(title, () =>
      operation({ onEvent: progress.onEvent, signal: interruption.abort }),
    );
  } catch (error) {
    if (interruption.signal() === undefined) {
      throw await failureOf(error, stack.name, progress.errors);
    }
  } finally {
    interruption.stop();
  }
  const signal = interruption.signal();
  if (signal !== undefined) {
    // An engine that has just locked the stack does not handle signals yet: a signal ends it at once.
    await breakStaleLock(stack);
    throw new Interrupted(
      `Interrupted by ${signal} (${describeChanges(progress.changes)}). The state of the stack "${stack.name}" is saved and unlocked. To continue, run the same command again.`,
      signal,
    );
  }
  report.say(`  ${describeChanges(progress.changes)}`);
  return progress.changes;
}

/** The engine's failure, translated into plain sentences if it is a known one. */
async function failureOf(error: unknown, stack: string, errors: string[]): Promise<unknown> {
  const known = translate(error, stack);
  if (known instanceof Failure) return known;
  const reasons = errors.filter((text) => !/^(update|refresh|destroy) failed$/.test(text));
  if (reasons.length === 0) return error;
  if (reasons.some((text) => text.includes("[401]"))) return new Failure(lockedOut(stack));
  return new Failure([...reasons, ...(await unhealthyContainers(stack))].join("\n"));
}

/** The last output of the servers that are not healthy. */
async function unhealthyContainers(stack: string): Promise<string[]> {
  const servers = ["prometheus", "grafana", "demo", "alertmanager", "canary"];
  const unhealthy = (await stackContainers(stack)).filter(
    ({ component, healthy }) => servers.includes(component) && !healthy,
  );
  return Promise.all(
    unhealthy.map(async ({ id, name }) =>
      [
        `The last lines of ${name}:`,
        ...(await lastLogLines(id, 20)).map((line) => `  ${line}`),
      ].join("\n"),
    ),
  );
}
