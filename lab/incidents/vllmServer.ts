/** A real vLLM server as a child process: starts it, inspects it, breaks it and ends it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface VllmServerOptions {
  /** The Python that has vLLM installed. */
  readonly python: string;
  /** The model's folder. */
  readonly model: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  /** Where the server's own output goes. */
  readonly log: string;
}

/** How many seconds a server may take to start. */
const PATIENCE = 900;

/** How much of the server's output an error contains. */
const LAST_LINES = 20;

export class VllmServer {
  readonly #child: ChildProcess;
  readonly #options: VllmServerOptions;

  /** Starts the server, as the leader of a process group of its own. */
  constructor(options: VllmServerOptions) {
    this.#options = options;
    const output = openSync(options.log, "a");
    this.#child = spawn(
      options.python,
      [
        ...["-m", "vllm.entrypoints.cli.main", "serve", options.model],
        ...["--host", "127.0.0.1", "--port", String(options.port)],
        ...options.flags,
      ],
      {
        env: { ...DEFAULTS, ...process.env, ...options.env },
        detached: true,
        stdio: ["ignore", output, output],
      },
    );
    closeSync(output);
    GROUPS.add(this.#group);
  }

  /**
   * Waits until `/health` answers 200.
   *
   * @throws when the server ends first, with the last lines of its output, or when it takes too long.
   */
  async ready(signal: AbortSignal): Promise<void> {
    for (let waited = 0; waited < PATIENCE; waited++) {
      if (this.#hasEnded()) throw new Error(this.#failedStart());
      const isReady = await fetch(`http://127.0.0.1:${this.#options.port}/health`, {
        signal: AbortSignal.timeout(2_000),
      }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      await sleep(1_000, undefined, { signal });
    }
    throw new Error(
      `vLLM did not start within ${PATIENCE} s; its output is in ${this.#options.log}`,
    );
  }

  #failedStart(): string {
    const { exitCode, signalCode } = this.#child;
    const how = exitCode === null ? `signal ${signalCode ?? ""}` : `exit code ${exitCode}`;
    const { log } = this.#options;
    const last = read(log).trimEnd().split("\n").slice(-LAST_LINES).join("\n");
    return `vLLM ended with ${how} before it was ready. The end of its output (${log}):\n${last}`;
  }

  /**
   * The process of the server with this title, such as `VLLM::EngineCore_DP0`; with `child`, its child of
   * that title, such as `VLLM::Worker`, if it has one.
   *
   * @throws when no process has this title.
   */
  processCalled(title: string, child?: string): { pid: number; title: string } {
    const members = groupMembers(this.#group);
    const named = members.find((one) => one.title === title);
    if (!named) {
      const titles = members.map((one) => one.title).join(", ");
      throw new Error(`No process of the server is called ${title}; there are ${titles}`);
    }
    return members.find((one) => one.parent === named.pid && one.title === child) ?? named;
  }

  /** Ends the server as an operator would, and waits until it has ended. */
  async stop(): Promise<void> {
    signalGroup(this.#group, "SIGCONT");
    if (!this.#hasEnded()) this.#child.kill("SIGTERM");
    await this.#gone(30);
    await this.kill();
  }

  /** Kills all processes of the server at once, as the kernel does when memory runs out. */
  async kill(): Promise<void> {
    signalGroup(this.#group, "SIGKILL");
    await this.#gone(30);
    GROUPS.delete(this.#group);
  }

  /** Waits until the server ends by itself, for at most this many seconds; returns whether it did. */
  async ended(seconds: number): Promise<boolean> {
    if (!this.#hasEnded()) {
      await Promise.race([
        once(this.#child, "exit"),
        sleep(seconds * 1000, undefined, { ref: false }),
      ]);
    }
    return this.#hasEnded();
  }

  get #group(): number {
    return this.#child.pid ?? 0;
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #gone(seconds: number): Promise<void> {
    for (let waited = 0; waited < seconds * 10; waited++) {
      if (this.#hasEnded() && groupMembers(this.#group).length === 0) return;
      await sleep(100);
    }
  }
}

const DEFAULTS = {
  HF_HUB_OFFLINE: "1",
  VLLM_NO_USAGE_STATS: "1",
  TOKENIZERS_PARALLELISM: "false",
  // Two servers share two CPUs: more threads would only wait for each other.
  OMP_NUM_THREADS: "1",
  VLLM_CPU_OMP_THREADS_BIND: "nobind",
  VLLM_CPU_KVCACHE_SPACE: "1",
};

/** Process groups that this process has started and that may still be there. */
const GROUPS = new Set<number>();

/** However this process exits, its servers end with it. */
export function killAllServers(): void {
  for (const group of GROUPS) signalGroup(group, "SIGKILL");
}
process.once("exit", killAllServers);

function signalGroup(group: number, signal: NodeJS.Signals): void {
  // Process group 0 would be our own.
  if (group <= 1) return;
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface Member {
  pid: number;
  parent: number;
  title: string;
}

/** The living processes of a group. */
function groupMembers(group: number): Member[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      // pid (name) state parent group ...; the name may contain spaces and parentheses.
      const stat = read(`/proc/${entry}/stat`).replace(/^.*\) /s, "");
      const [state, parent, own] = stat.split(" ");
      if (Number(own) !== group || state === "Z") return [];
      const title = read(`/proc/${entry}/cmdline`).replaceAll("\0", " ").trim();
      return [{ pid: Number(entry), parent: Number(parent), title }];
    });
}

/** The text of a file; empty if the file is gone, as happens when a process ends. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
