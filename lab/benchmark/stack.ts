/** A separate stack for the benchmark, on this machine's Docker and with the offline kit. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import { parseSettings, PROJECT, type Settings } from "../../settings.ts";
import { freePort } from "../../tools/freePort.ts";
import { ROOT, stackFile } from "../../tools/project.ts";
import { images } from "../kit/images/index.ts";
import { removedOnInterrupt, withFolder } from "./interrupt.ts";
import { measureCommand, type CommandCost } from "./processTree.ts";

export interface BenchmarkStack {
  /** Writes these settings in addition to images and ports; returns all of the stack's settings. */
  configure: (settings: Record<string, unknown>) => Settings;
  /** Runs a command of the project on the stack. */
  run: (command: "preview" | "up" | "destroy") => Promise<CommandCost>;
  /** Size of the state's file, in bytes. */
  stateSize: () => number;
}

/** Runs `work` with a stack that does not exist yet; afterwards destroys whatever was created. */
export function withStack<T>(work: (stack: BenchmarkStack) => Promise<T>): Promise<T> {
  return withFolder(async (backend) => {
    const name = `bench-${randomBytes(3).toString("hex")}`;
    const env = {
      PULUMI_BACKEND_URL: pathToFileURL(backend).href,
      PULUMI_CONFIG_PASSPHRASE: "benchmark",
    };
    const own = {
      prometheus: { image: images.prometheus, port: await freePort() },
      grafana: { image: images.grafana, port: await freePort() },
    };
    const args = (command: string) => [
      ...[command, "--stack", name, "--offline"],
      ...(command === "preview" ? [] : ["--yes"]),
    ];
    const stateFile = join(backend, ".pulumi/stacks", PROJECT, `${name}.json`);
    const exists = () => (statSync(stateFile, { throwIfNoEntry: false })?.size ?? 0) > 0;
    const remove = removedOnInterrupt(() => {
      if (exists()) {
        spawnSync(process.execPath, ["cli/main.ts", ...args("destroy")], {
          ...{ cwd: ROOT, env: { ...process.env, ...env }, stdio: "ignore" },
        });
      }
      rmSync(stackFile(name), { force: true });
    });
    try {
      return await work({
        configure: (settings) => {
          const all = { ...own, ...settings };
          const config = Object.entries(all).map(([key, value]): [string, unknown] => [
            `${PROJECT}:${key}`,
            value,
          ]);
          writeFileSync(stackFile(name), stringify({ config: Object.fromEntries(config) }));
          return parseSettings(all);
        },
        run: (command) => measureCommand(args(command), env),
        stateSize: () => statSync(stateFile).size,
      });
    } finally {
      remove();
    }
  });
}
