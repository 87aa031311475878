import * as pulumi from "@pulumi/pulumi";
import { Monitoring } from "./components/monitoring.ts";
import { demo } from "./demo.ts";
import { planStack } from "./plan.ts";
import { parseEngineConfig } from "./settings.ts";

/**
 * The program: a stack's settings become one component, and its outputs. The engine calls it, with
 * the ordinary CLI as with `npm run up`.
 */
export default function program() {
  const { monitoring, outputs } = planStack(parseEngineConfig(pulumi.runtime.allConfig()), demo);
  const deployment = { project: pulumi.getProject(), stack: pulumi.getStack() };
  const { grafanaPassword } = new Monitoring("monitoring", { deployment, ...monitoring });
  return { ...outputs, grafanaPassword };
}
