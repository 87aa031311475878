import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { stackContainers } from "../stack/containers.ts";
import { Failure } from "../../tools/failure.ts";
import { DEFAULT_STACK, readSettings } from "../../tools/project.ts";
import { type CommandOptions, OFFLINE_STACK } from "../stack/session.ts";
import { confirmDockerInstallation, ensureDocker } from "../../tools/docker.ts";
import { report } from "../../tools/report.ts";
import { statusTable } from "../stack/statusTable.ts";
import { scrapedTargets } from "../stack/targets.ts";

/**
 * Shows the stack's URLs and the health of its targets. Asks Docker and Prometheus, not the engine.
 * The default is the stack that `up` created when it was run without a name.
 */
export async function status(options: CommandOptions): Promise<void> {
  await confirmDockerInstallation(options.yes ?? false);
  await ensureDocker(report);
  const candidates = options.stack === undefined ? [DEFAULT_STACK, OFFLINE_STACK] : [options.stack];
  for (const stack of candidates) {
    const { outputs } = planStack(readSettings(stack), demo);
    if ((await stackContainers(stack)).length === 0) continue;
    console.log(statusTable(stack, outputs, await scrapedTargets(outputs.prometheusUrl)));
    return;
  }
  throw new Failure(
    `The stack "${candidates[0] ?? ""}" is not up. To create it: npm run up${options.stack === undefined ? "" : ` -- --stack ${options.stack}`}`,
  );
}
