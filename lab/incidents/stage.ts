/** What a scenario works with: one server, its clients, and a record of the actions on them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestLoad } from "./streamingClient.ts";
import { Client } from "./streamingClient.ts";
import { VllmServer } from "./vllmServer.ts";
import type { IncidentEvent } from "./timeline.ts";

export interface StageOptions {
  readonly python: string;
  readonly model: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly log: string;
  readonly clock: () => number;
  /** Ends everything. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: IncidentEvent) => void;
}

export class Stage {
  readonly client: Client;
  readonly #options: StageOptions;
  #server: VllmServer | undefined;
  #slowing: NodeJS.Timeout | undefined;

  constructor(options: StageOptions) {
    this.#options = options;
    this.client = new Client(options.port, options.clock);
  }

  /** Starts a server that serves its model as `name`, and waits until it is ready. */
  async start(name = "tiny"): Promise<void> {
    const { flags, signal } = this.#options;
    this.note("start");
    this.#server = new VllmServer({
      ...this.#options,
      flags: [...flags, "--served-model-name", name],
    });
    await this.#server.ready(signal);
    this.client.model = name;
    this.note("ready");
  }

  async stop(): Promise<void> {
    this.note("stop");
    await this.#server?.stop();
    this.note("ended");
  }

  async kill(): Promise<void> {
    this.note("SIGKILL", "all processes of the server");
    await this.#server?.kill();
  }

  /**
   * Suspends a process of the server, or its child, without ending it. vLLM 0.11 has no child
   * `VLLM::Worker`: the engine core does its work.
   */
  suspend(title: string, child?: string): void {
    const stopped = this.#processCalled(title, child);
    process.kill(stopped.pid, "SIGSTOP");
    this.note("SIGSTOP", stopped.title === title ? title : `${stopped.title} of ${title}`);
  }

  /** Resumes a suspended process. */
  resume(title: string): void {
    process.kill(this.#processCalled(title).pid, "SIGCONT");
    this.note("SIGCONT", title);
  }

  /** Lets a process run for only this share of each 200 ms, until the stage is closed. */
  slowDown(title: string, share: number): void {
    const { pid } = this.#processCalled(title);
    const stopped = (1 - share) * 200;
    this.note("SIGSTOP", `${title}, for ${Math.round(stopped)} ms of each 200 ms`);
    this.#slowing = setInterval(() => {
      process.kill(pid, "SIGSTOP");
      setTimeout(() => process.kill(pid, "SIGCONT"), stopped);
    }, 200);
  }

  /** Waits until the server ends by itself, for at most this many seconds. */
  async ended(seconds: number): Promise<boolean> {
    const ended = (await this.#server?.ended(seconds)) ?? true;
    if (ended) this.note("ended", "by itself");
    return ended;
  }

  /** Sends a load until it ends. */
  async load(load: RequestLoad): Promise<void> {
    this.note("load", `${load.rate} requests/s`);
    await this.client.send(load, this.#options.signal);
    this.note("end of load");
  }

  async wait(seconds: number): Promise<void> {
    await sleep(seconds * 1000, undefined, { signal: this.#options.signal });
  }

  /** Posts to one of the server's own endpoints, such as `/sleep`. */
  async post(path: string): Promise<void> {
    const url = `http://127.0.0.1:${this.#options.port}${path}`;
    const { ok, status } = await fetch(url, {
      method: "POST",
      signal: AbortSignal.timeout(60_000),
    });
    if (!ok) throw new Error(`POST ${path} was answered with HTTP ${status}.`);
  }

  #processCalled(...name: Parameters<VllmServer["processCalled"]>) {
    if (!this.#server) throw new Error("No server is running.");
    return this.#server.processCalled(...name);
  }

  note(what: IncidentEvent["what"], detail?: string): void {
    const at = Math.round(this.#options.clock() * 1000) / 1000;
    this.#options.onEvent({ at, what, ...(detail === undefined ? {} : { detail }) });
  }

  /** Ends the remaining clients and the server. */
  async close(): Promise<void> {
    clearInterval(this.#slowing);
    await this.client.close();
    await this.#server?.stop();
  }
}
