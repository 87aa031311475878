import * as automation from "@pulumi/pulumi/automation/index.js";
import program from "../../index.ts";
import { PROJECT } from "../../settings.ts";
import { backendEnvironment } from "./backend.ts";
import { Failure } from "../../tools/failure.ts";
import { ROOT } from "../../tools/project.ts";

/** A stack as the engine knows it, and how to act on it. */
export type Stack = automation.Stack;

/**
 * Opens a stack of this project, or creates it if it does not exist. The program runs in this
 * process, so it needs neither a language host nor a build. The CLI is the first one on PATH.
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

/**
 * Turns a known error of the engine into a sentence that says what to do. Other errors of the engine
 * keep the engine's own words; errors from elsewhere stay unchanged.
 */
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
  if (text.includes("cipher: message authentication failed")) {
    return new Failure(
      `A secret in Pulumi.${stack}.yaml was encrypted for another stack or with another passphrase. Set it again: npm run pulumi -- config set --secret --stack ${stack} --path KEY`,
    );
  }
  if (text.includes("malformed state value")) {
    return new Failure(
      `encryptionsalt in Pulumi.${stack}.yaml is not one that Pulumi has written: restore the line, or remove it if the file has no secrets.`,
    );
  }
  const [, unreadable] = /unable to read PULUMI_CONFIG_PASSPHRASE_FILE: (.*)/.exec(text) ?? [];
  if (unreadable !== undefined) {
    return new Failure(
      `PULUMI_CONFIG_PASSPHRASE_FILE: ${unreadable}: give a file that exists, or unset the variable.`,
    );
  }
  const own = [...text.matchAll(/^error: (.*)$/gm)].map(([, reason = ""]) => reason);
  if (error instanceof automation.CommandError && own.length > 0) {
    return new Failure([...new Set(own)].join("\n"));
  }
  return error;
}
