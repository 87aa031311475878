import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { images as kitImages } from "../../lab/kit/images/index.ts";
import { dockerClient, stackContainers } from "../../cli/stack/containers.ts";
import { PROJECT } from "../../settings.ts";
import { ROOT, stackFile } from "../../tools/project.ts";

/** The output and exit code of a project command. */
export interface Ran {
  code: number | null;
  output: string;
}

/**
 * Which plugins and images the tests use: the `real` ones, or those of the offline `kit`. The variable
 * TEST_WITH is the only switch. The default is the kit, which works everywhere.
 */
export const TEST_WITH = process.env.TEST_WITH === "real" ? "real" : "kit";

/** The images under test. For a run with real plugins, the `TEST_…` variables can name other images. */
export const IMAGES =
  TEST_WITH === "kit"
    ? kitImages
    : {
        prometheus: process.env.TEST_PROMETHEUS_IMAGE ?? "prom/prometheus:v3.13.3",
        grafana: process.env.TEST_GRAFANA_IMAGE ?? "grafana/grafana:13.1.4",
        alertmanager: process.env.TEST_ALERTMANAGER_IMAGE ?? "prom/alertmanager:v0.34.2",
        node: process.env.TEST_NODE_IMAGE ?? "node:24.21.0-alpine",
      };

const CLI = [process.execPath, "cli/main.ts"];

/** A running command. */
export interface Started {
  child: ChildProcessWithoutNullStreams;
  ended: Promise<Ran>;
  /** Resolves once the output matches; rejects if the command ends first. */
  prints: (pattern: RegExp) => Promise<void>;
}

/** A separate stack for a test, with its own settings, state and commands. */
export class Lab {
  readonly stack = `test-${randomBytes(3).toString("hex")}`;
  /** Environment variables for the commands, in addition to this process's environment. */
  readonly env: Record<string, string>;
  private readonly folder = mkdtempSync(join(tmpdir(), "vllm-observability-"));

  constructor() {
    this.env = {
      PULUMI_BACKEND_URL: pathToFileURL(this.folder).href,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
  }

  /** The path of the stack's state in the file backend. */
  get stateFile(): string {
    return join(this.folder, ".pulumi/stacks", PROJECT, `${this.stack}.json`);
  }

  /** All files of the backend that belong to the stack. */
  stateFiles(): string[] {
    const patterns = [`**/*${this.stack}*`, `**/*${this.stack}*/**`];
    return globSync(patterns, { cwd: join(this.folder, ".pulumi") });
  }

  /** Writes the stack's settings as a user would. Everything else that the CLI keeps in the file stays. */
  configure(settings: Record<string, unknown>): void {
    const file = stackFile(this.stack);
    const kept = existsSync(file) ? (parse(readFileSync(file, "utf8")) as object) : {};
    const config = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`${PROJECT}:${key}`, value]),
    );
    writeFileSync(file, stringify({ ...kept, config }));
  }

  /** Runs a command of the project on this stack and waits for its end. */
  async run(command: string, args: string[] = [], env: Record<string, string> = {}): Promise<Ran> {
    const { ended } = this.start(command, args, env);
    return ended;
  }

  /** Runs the ordinary Pulumi CLI on this stack. */
  async pulumi(...args: string[]): Promise<Ran> {
    return this.spawn([...CLI, "pulumi", ...args, "--stack", this.stack], {}).ended;
  }

  /** Starts a command in its own process group, so that a test can kill it midway. */
  start(command: string, args: string[] = [], env: Record<string, string> = {}): Started {
    return this.spawn(this.commandLine(command, args), env);
  }

  /** Starts a command on its own terminal. The process's standard input acts as the keyboard. */
  startOnTerminal(command: string): Started {
    const line = this.commandLine(command, []).join(" ");
    return this.spawn(["script", "--quiet", "--return", "--command", line, "/dev/null"], {
      NO_COLOR: "1",
    });
  }

  private commandLine(command: string, args: string[]): string[] {
    const kit = TEST_WITH === "kit" ? ["--offline"] : [];
    return [...CLI, command, "--stack", this.stack, ...kit, ...args];
  }

  private spawn([program = "", ...args]: string[], env: Record<string, string>): Started {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, ...this.env, ...env },
      stdio: "pipe",
      detached: true,
    });
    if (program === process.execPath) child.stdin.end();
    let output = "";
    const waiting = new Set<() => void>();
    const collect = (piece: Buffer) => {
      output += piece.toString();
      for (const check of waiting) check();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const ended = new Promise<Ran>((resolve) => {
      child.on("close", (code) => {
        resolve({ code, output });
      });
    });
    const prints = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const check = () => {
          if (!pattern.test(output)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void ended.then(() => {
          reject(new Error(`It ended without printing ${String(pattern)}:\n${output}`));
        });
      });
    return { child, ended, prints };
  }

  /** Removes whatever a failed test has left, and the stack's files. */
  async dispose(): Promise<void> {
    const docker = dockerClient();
    for (const { id } of await stackContainers(this.stack)) {
      await docker.getContainer(id).remove({ force: true, v: true });
    }
    const left = await this.leftovers();
    for (const name of left.volumes) await docker.getVolume(name).remove();
    for (const name of left.networks) await docker.getNetwork(name).remove();
    rmSync(stackFile(this.stack), { force: true });
    rmSync(this.folder, { recursive: true });
  }

  /** The names of everything on the Docker host that belongs to this stack. */
  async leftovers(): Promise<{ containers: string[]; volumes: string[]; networks: string[] }> {
    const docker = dockerClient();
    const filters = { name: [`${PROJECT}-${this.stack}-`] };
    const { Volumes: volumes } = await docker.listVolumes({ filters });
    return {
      containers: (await docker.listContainers({ all: true, filters })).flatMap(
        ({ Names }) => Names,
      ),
      volumes: volumes.map(({ Name }) => Name),
      networks: (await docker.listNetworks({ filters })).map(({ Name }) => Name),
    };
  }
}

/**
 * Builds an image from `image` with these extra Dockerfile instructions, so that it has a different id.
 * It is tagged for the test and stays on the host, like other images.
 */
export async function derivedImage(
  image: string,
  tag: string,
  ...changes: string[]
): Promise<string> {
  const name = "vllm-observability-test";
  const container = await dockerClient().createContainer({ Image: image });
  try {
    await container.commit({ repo: name, tag, changes: changes.join("\n") });
  } finally {
    await container.remove({ v: true });
  }
  return `${name}:${tag}`;
}
