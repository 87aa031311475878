import { forgetState } from "../stack/backend.ts";
import { confirm } from "../../tools/confirm.ts";
import { runOperation } from "../stack/operation.ts";
import { recoverLock, removeHalfCreated } from "../stack/recovery.ts";
import { type CommandOptions, withSession } from "../stack/session.ts";
import { report } from "../../tools/report.ts";
import { readState } from "../stack/stackState.ts";

/** Removes everything that `up` created, including the data, and the stack's state. */
export async function destroy(options: CommandOptions): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    await confirm(
      `This removes the stack "${name}" with all its metrics and everything stored in its Grafana.`,
      options.yes ?? false,
    );
    await recoverLock(stack, report);
    await removeHalfCreated(stack, await readState(stack), plan.monitoring.grafana, report);
    await runOperation("Removing the stack", stack, (following) => stack.destroy(following));
    await stack.workspace.removeStack(name, { preserveConfig: true });
    forgetState(name);
  });
}
