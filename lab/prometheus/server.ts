import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePrometheusPrograms } from "../kit/images/index.ts";
import { freePort } from "../../tools/freePort.ts";
import { report } from "../../tools/report.ts";

/** One series of a query result. */
export interface InstantSeries {
  metric: Record<string, string>;
  /** Time in seconds, and the value as Prometheus writes it. */
  value: [number, string];
}

/** A real Prometheus, run as a process on this machine for a test or a measurement. */
export class PrometheusServer {
  readonly url: string;
  private readonly process: ChildProcess;
  private readonly folder: string;

  private constructor(url: string, process: ChildProcess, folder: string) {
    this.url = url;
    this.process = process;
    this.folder = folder;
  }

  /**
   * Starts a Prometheus with this `prometheus.yml`, which may be generated from the address that the
   * server listens on, and waits until it is ready.
   *
   * @param lookback How long a series keeps the value of its last sample, as a duration.
   * @param data Folder of its blocks, which is kept when it stops; by default a new one.
   * @param flags Further arguments.
   * @param isReady For a server that requires more than a plain HTTP request.
   */
  static async start(
    config: string | ((own: string) => string),
    {
      lookback = "5m",
      data,
      flags = [],
      isReady = answersReady,
    }: {
      lookback?: string;
      data?: string;
      flags?: readonly string[];
      isReady?: (url: string) => Promise<boolean>;
    } = {},
  ): Promise<PrometheusServer> {
    const { prometheus } = await ensurePrometheusPrograms(report);
    const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
    const port = await freePort();
    const text = typeof config === "string" ? config : config(`127.0.0.1:${port}`);
    writeFileSync(join(folder, "prometheus.yml"), text);
    const child = spawn(
      prometheus,
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${data ?? join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--query.lookback-delta=${lookback}`,
        ...flags,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    let log = "";
    child.stderr.on("data", (piece: Buffer) => {
      log += piece.toString();
    });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 120; tries++) {
      const ready = await isReady(url);
      if (ready) return new PrometheusServer(url, child, folder);
      if (child.exitCode !== null) break;
      await sleep(250);
    }
    child.kill();
    throw new Error(`Prometheus did not start:\n${log}`);
  }

  /** Evaluates a query now, or at `time` in seconds. Throws Prometheus's errors. */
  async query(expr: string, time?: number): Promise<InstantSeries[]> {
    const body = new URLSearchParams({
      query: expr,
      ...(time === undefined ? {} : { time: String(time) }),
    });
    const response = await fetch(`${this.url}/api/v1/query`, { method: "POST", body });
    const answer = (await response.json()) as {
      error?: string;
      data?: { result: InstantSeries[] };
    };
    if (answer.data === undefined) throw new Error(`${expr}: ${answer.error ?? response.status}`);
    return answer.data.result;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends Prometheus without waiting, for a process that is about to exit. */
  kill(): void {
    this.process.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function answersReady(url: string): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
