import * as pulumi from "@pulumi/pulumi";
import { Monitoring } from "./components/monitoring.ts";
import { demo } from "./demo.ts";
import { planStack } from "./plan.ts";
import { parseEngineConfig, type Settings, SettingsError } from "./settings.ts";

/**
 * The program: it turns a stack's settings into one component and its outputs. The engine calls it, both
 * from the ordinary CLI and from `npm run up`.
 */
export default function program() {
  const { monitoring, outputs } = planStack(settings(), demo);
  const deployment = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const { grafanaPassword } = new Monitoring("monitoring", { deployment, ...monitoring });
  return { ...outputs, grafanaPassword };
}

/** For a RunError, the engine shows only the message, without a stack trace. */
function settings(): Settings {
  try {
    return parseEngineConfig(pulumi.runtime.allConfig());
  } catch (error) {
    throw error instanceof SettingsError ? new pulumi.RunError(error.message) : error;
  }
}
