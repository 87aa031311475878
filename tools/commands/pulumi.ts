import { spawnSync } from "node:child_process";
import { backendEnvironment } from "../backend.ts";
import { ROOT } from "../project.ts";
import { ensurePulumi } from "../setup/pulumi.ts";
import { report } from "../setup/report.ts";

/** Runs the ordinary Pulumi CLI on this project, with its state and passphrase found for it. */
export async function pulumi(args: string[]): Promise<void> {
  const cli = await ensurePulumi(report);
  const { status } = spawnSync(cli, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ...backendEnvironment(), PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  process.exitCode = status ?? 1;
}
