import { delimiter, dirname } from "node:path";
import { planStack, type Plan } from "../plan.ts";
import type { Settings } from "../settings.ts";
import { DEFAULT_STACK, readSettings } from "./project.ts";
import { ensureDocker } from "./setup/docker.ts";
import { imagesAvailable } from "./setup/images.ts";
import { pluginsAvailable } from "./setup/plugins.ts";
import { ensurePulumi } from "./setup/pulumi.ts";
import { report } from "./setup/report.ts";
import { openStack, type Stack, translate } from "./workspace.ts";

/** The stack for machines that reach neither plugin servers nor an image registry. */
export const OFFLINE_STACK = "offline";

/** How a command was called, as far as all commands share it. */
export interface CommandOptions {
  /** Name of the stack; when left out `dev`, or `offline` where `dev` cannot be had. */
  stack?: string | undefined;
  /** Use the offline kit for this stack. The stack `offline` always does. */
  offline?: boolean | undefined;
}

/** Everything that a command on a stack needs. */
export interface Session {
  name: string;
  settings: Settings;
  plan: Plan;
  stack: Stack;
}

/**
 * Sees to the prerequisites, opens the stack that the options name, lets `work` act on it, and
 * ends whatever was started for it. Settings are checked first, before anything is touched.
 */
export async function withSession<T>(
  options: CommandOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const wanted = options.stack ?? DEFAULT_STACK;
  const wantedSettings = readSettings(wanted);
  const [cli] = await Promise.all([ensurePulumi(report), ensureDocker(report)]);
  process.env.PATH = [dirname(cli), process.env.PATH].join(delimiter);

  let name = wanted;
  let settings = wantedSettings;
  let offline = options.offline === true || wanted === OFFLINE_STACK;
  if (!offline && options.stack === undefined && !(await onlineNeedsMet(cli, settings))) {
    report.say(
      'Neither the provider plugins nor the images can be fetched here: using the stack offline, whose plugins and Grafana are stand-ins (README, "The offline kit").',
    );
    name = OFFLINE_STACK;
    settings = readSettings(name);
    offline = true;
  }
  const kit = offline ? await (await import("../offline/kit.ts")).startKit(report) : undefined;
  try {
    const stack = await openStack(name, kit?.env);
    return await work({ name, settings, plan: planStack(settings), stack });
  } catch (error) {
    throw translate(error, name);
  } finally {
    await kit?.stop();
  }
}

async function onlineNeedsMet(cli: string, settings: Settings): Promise<boolean> {
  const images = [settings.prometheus.image, settings.grafana.image];
  if (settings.demo) images.push(settings.demoImage);
  return (await pluginsAvailable(cli, report)) && (await imagesAvailable(images));
}
