import { forgetState } from "../stack/backend.ts";
import { confirm } from "../stack/confirm.ts";
import { forgetSalt } from "../../tools/project.ts";
import { runOperation } from "../stack/operation.ts";
import { breakStaleLock, removeHalfMade } from "../stack/recovery.ts";
import { type CommandOptions, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/state.ts";

/** Removes everything that `up` made, the data included, and the stack's state. */
export async function destroy(options: CommandOptions & { yes?: boolean }): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    await confirm(
      `This removes the stack "${name}" with all its metrics and everything stored in its Grafana.`,
      options.yes ?? false,
    );
    await breakStaleLock(stack, report);
    await removeHalfMade(stack, await readState(stack), plan.monitoring.grafana, report);
    await runOperation("Removing the stack", stack, (onEvent) => stack.destroy({ onEvent }));
    await stack.workspace.removeStack(name, { preserveConfig: true });
    forgetState(name);
    forgetSalt(name);
  });
}
