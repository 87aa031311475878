import { withSession, type CommandOptions } from "../stack/session.ts";
import { checkPorts } from "../stack/preflight.ts";
import { stackContainers } from "../stack/containers.ts";
import { runOperation } from "../stack/operation.ts";

/** Shows what `up` would change, without changing anything. */
export async function preview(options: CommandOptions): Promise<void> {
  await withSession(options, async ({ name, plan, stack }) => {
    await checkPorts(name, plan, await stackContainers(name));
    await runOperation("Planning", stack, (following) =>
      stack.preview({
        diff: true,
        color: process.stdout.isTTY && !process.env.NO_COLOR ? "always" : "never",
        ...following,
        onOutput: (text) => process.stdout.write(text),
      }),
    );
  });
}
