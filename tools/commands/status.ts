import { planStack } from "../../plan.ts";
import { DEFAULT_STACK, readSettings } from "../project.ts";
import type { CommandOptions } from "../session.ts";
import { statusTable } from "../statusTable.ts";
import { scrapedTargets } from "../targets.ts";

/** Says where the stack is found and how its targets do. Asks Prometheus alone, not the engine. */
export async function status(options: CommandOptions): Promise<void> {
  const stack = options.stack ?? DEFAULT_STACK;
  const { outputs } = planStack(readSettings(stack));
  console.log(statusTable(stack, outputs, await scrapedTargets(outputs.prometheusUrl)));
}
