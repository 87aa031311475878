import { spawnSync, type SpawnSyncOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { backendEnvironment } from "../stack/backend.ts";
import { keepStackFile, ROOT, stackFile } from "../../tools/project.ts";
import { ensurePulumi } from "../setup/pulumi.ts";
import { report } from "../../tools/report.ts";

/** Runs the ordinary Pulumi CLI on this project, with the backend and passphrase of `npm run up`. */
export async function pulumi(args: string[]): Promise<void> {
  const cli = await ensurePulumi(report);
  const options: SpawnSyncOptions = {
    cwd: ROOT,
    env: { ...process.env, ...backendEnvironment(), PULUMI_SKIP_UPDATE_CHECK: "true" },
  };
  // Users set configuration before the first `up`, but the CLI accepts it only for existing stacks.
  const stack = stackOf(args);
  const run = () => {
    if (args[0] === "config" && stack !== undefined && existsSync(stackFile(stack))) {
      spawnSync(cli, ["stack", "init", "--no-select", stack], { ...options, stdio: "ignore" });
    }
    const { status } = spawnSync(cli, args, { ...options, stdio: "inherit" });
    process.exitCode = status ?? 1;
    return Promise.resolve();
  };
  await (stack === undefined ? run() : keepStackFile(stack, run));
}

/** The stack that the CLI's arguments name. */
function stackOf(args: string[]): string | undefined {
  const { values } = parseArgs({
    args,
    options: { stack: { type: "string", short: "s" } },
    strict: false,
  });
  return typeof values.stack === "string" ? values.stack : undefined;
}
