import * as automation from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { PROJECT } from "../../settings.ts";
import { backendEnvironment } from "./backend.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";

/** A stack as the engine knows it, and how to act on it. */
export type Stack = automation.Stack;

/**
 * Opens a stack of this project, and creates it when it is new. The program runs in this process, so
 * it needs neither a language host nor a build. The CLI is the first on PATH.
 *
 * `env` holds variables for the CLI in addition to the backend's.
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

/** A known error of the engine as a sentence that says what to do; other errors unchanged. */
export function translate(error: unknown, stack: string): unknown {
  const text = String(error);
  if (text.includes("incorrect passphrase")) {
    return new Failure(
      `The passphrase is wrong for the stack "${stack}": its secrets were encrypted with another one. Set PULUMI_CONFIG_PASSPHRASE, or put the right passphrase into .pulumi-passphrase. Nothing was changed.`,
    );
  }
  if (text.includes("the stack is currently locked")) {
    return new Failure(
      `Another command is running on the stack "${stack}": wait until it has ended. If none is running: npm run pulumi -- cancel --stack ${stack}`,
    );
  }
  return error;
}
