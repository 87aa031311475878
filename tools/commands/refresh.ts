import { runOperation } from "../operation.ts";
import { withSession, type CommandOptions } from "../session.ts";

/** Compares the state with what is really there, and remembers what is. `up` then mends it. */
export async function refresh(options: CommandOptions): Promise<void> {
  await withSession(options, async ({ stack }) => {
    await runOperation("Comparing the state with what is there", stack, (onEvent) =>
      stack.refresh({ onEvent }),
    );
  });
}
