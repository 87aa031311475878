import { delimiter, dirname } from "node:path";
import { demo } from "../../demo.ts";
import { type Plan, plannedImages, planStack } from "../../plan.ts";
import { DEFAULT_STACK, keepStackFile, readSettings } from "../../tools/project.ts";
import { confirmDockerInstallation, ensureDocker } from "../../tools/docker.ts";
import { imagesAvailable } from "../setup/images.ts";
import { pluginsAvailable } from "../setup/plugins.ts";
import { ensurePulumi } from "../setup/pulumi.ts";
import { report } from "../../tools/report.ts";
import { exitOnSignals } from "./interruption.ts";
import { openStack, type Stack, translate } from "./workspace.ts";

/** The stack for machines that can reach neither plugin servers nor an image registry. */
export const OFFLINE_STACK = "offline";

/** The options that all commands on a stack share. */
export interface CommandOptions {
  /** Name of the stack; by default `dev`, or `offline` if the plugins or images cannot be downloaded. */
  stack?: string | undefined;
  /** Use the offline kit for this stack. The stack `offline` always does. */
  offline?: boolean | undefined;
  /** Do not ask before volumes are deleted or Docker is installed. */
  yes?: boolean | undefined;
  /** Starts the offline kit with the images that the stack uses. */
  startKit: (usedTags: string[]) => Promise<Kit>;
}

/** A running offline kit. */
interface Kit {
  /** Environment variables that make the Pulumi CLI use the kit's plugins. */
  env: Record<string, string>;
  stop: () => Promise<void>;
}

/** Everything that a command on a stack needs. */
export interface Session {
  name: string;
  plan: Plan;
  stack: Stack;
}

/**
 * Installs the prerequisites, opens the stack that the options name, runs `work` on it, and stops
 * everything that it started. Settings are checked before anything changes.
 */
export async function withSession<T>(
  options: CommandOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let name = options.stack ?? DEFAULT_STACK;
  let plan = planStack(readSettings(name), demo);
  await confirmDockerInstallation(options.yes ?? false);
  const [cli] = await Promise.all([ensurePulumi(report), ensureDocker(report)]);
  process.env.PATH = [dirname(cli), process.env.PATH].join(delimiter);

  let offline = options.offline === true || name === OFFLINE_STACK;
  if (!offline && options.stack === undefined && !(await canBeDownloaded(plan, cli))) {
    report.say(
      'The provider plugins or the images cannot be downloaded: using the stack offline, whose plugins and Grafana are stand-ins (README, "The offline kit").',
    );
    name = OFFLINE_STACK;
    plan = planStack(readSettings(name), demo);
    offline = true;
  }
  const restoreSignals = exitOnSignals();
  const kit = offline ? await options.startKit(Object.values(plannedImages(plan))) : undefined;
  try {
    return await keepStackFile(name, async () =>
      work({ name, plan, stack: await openStack(name, kit?.env) }),
    );
  } catch (error) {
    throw translate(error, name);
  } finally {
    await kit?.stop();
    restoreSignals();
  }
}

async function canBeDownloaded(plan: Plan, cli: string): Promise<boolean> {
  return (await pluginsAvailable(cli, report)) && (await imagesAvailable(plannedImages(plan)));
}
