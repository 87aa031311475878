import { forgetState } from "../backend.ts";
import { confirm } from "../confirm.ts";
import { forgetSalt } from "../project.ts";
import { runOperation } from "../operation.ts";
import { breakStaleLock, removeHalfMade } from "../recovery.ts";
import { type CommandOptions, withSession } from "../session.ts";
import { report } from "../setup/report.ts";
import { readState } from "../state.ts";

/** Removes everything that `up` made, the data included, and the stack's state. */
export async function destroy(options: CommandOptions & { yes?: boolean }): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    await confirm(
      `This removes the stack "${name}" with all its metrics and everything kept in its Grafana.`,
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
