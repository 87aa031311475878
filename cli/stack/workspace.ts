import * as automation from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { PROJECT } from "../../settings.ts";
import { backendEnvironment } from "./backend.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";

/** A stack as the engine knows it, and how to act on it. */
export type Stack = automation.Stack;

/**
 * Opens a stack of this project, and creates it when it is new. The program runs in this process,
 * so that neither a language host nor a build is needed. The CLI is the first on PATH.
 *
 * `env` holds variables for the CLI beside the backend's.
 */
export async function openStack(name: string, env: Record<string, string> = {}): Promise<Stack> {
  return automation.LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName: PROJECT, program: async () => Promise.resolve(program()) },
    {
      workDir: ROOT,
      envVars: { ...backendEnvironment(), PULUMI_SKIP_UPDATE_CHECK: "true", ...env },
    },
  );
}

/** An engine's error in words that say what to do, where we know them. */
export function translate(error: unknown, stack: string): unknown {
  const text = String(error);
  if (text.includes("incorrect passphrase")) {
    return new Failure(
      `The passphrase does not open the stack "${stack}": its secrets were encrypted with another one. Set PULUMI_CONFIG_PASSPHRASE, or put the right passphrase into .pulumi-passphrase. Nothing was changed.`,
    );
  }
  if (text.includes("the stack is currently locked")) {
    return new Failure(
      `Another command is at work on the stack "${stack}": wait until it has ended. If none is, run: npm run pulumi -- cancel --stack ${stack}`,
    );
  }
  return error;
}
