import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureAlertmanagerPrograms, ensurePrometheusPrograms } from "../kit/images/index.ts";
import { freePort } from "../../tools/freePort.ts";
import { report } from "../../tools/report.ts";
import { ALERTMANAGER_CONFIG_FILE } from "../../alertmanager/alertmanagerServer.ts";
import { PROMETHEUS_CONFIG_FILE } from "../../prometheus/prometheusServer.ts";
import { drillFiles, type Drilled } from "./files.ts";
import { receiveWebhooks, type NotifiedAlert } from "./webhooks.ts";

/** A real Prometheus and Alertmanager on this machine that monitor a fake fleet. */
export interface FleetMonitoring {
  /** The alerts so far, without the Watchdog, which has no receiver. */
  notified: readonly NotifiedAlert[];
  prometheusUrl: string;
  alertmanagerUrl: string;
  /** Makes Prometheus scrape only these addresses (`host:port`) from now on. */
  scrape(addresses: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts both with the stack's own rules and routes, with every window and waiting time multiplied by
 * `timeScale`, and waits until both are ready. They listen on the loopback address.
 */
export async function startMonitoring(
  timeScale: number,
  addresses: readonly string[],
): Promise<FleetMonitoring> {
  const programs = {
    ...(await ensurePrometheusPrograms(report)),
    ...(await ensureAlertmanagerPrograms(report)),
  };
  const webhooks = await receiveWebhooks("127.0.0.1");
  const drilled: Drilled = {
    ...{ folder: mkdtempSync(join(tmpdir(), "drill-")), timeScale, receiver: webhooks.url },
    ...{ prometheusPort: await freePort(), alertmanagerPort: await freePort() },
  };
  write(drilled.folder, drillFiles(drilled, addresses));
  const children = startServers(programs, drilled);
  const monitoring: FleetMonitoring = {
    notified: webhooks.notified,
    prometheusUrl: `http://127.0.0.1:${drilled.prometheusPort}`,
    alertmanagerUrl: `http://127.0.0.1:${drilled.alertmanagerPort}`,
    scrape: async (scraped) => {
      const { [PROMETHEUS_CONFIG_FILE]: config = "" } = drillFiles(drilled, scraped);
      write(drilled.folder, { [PROMETHEUS_CONFIG_FILE]: config });
      await sleep(1500);
    },
    stop: async () => {
      await Promise.all(children.map(end));
      await webhooks.stop();
      rmSync(drilled.folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([ready(monitoring.prometheusUrl), ready(monitoring.alertmanagerUrl)]);
  } catch (error) {
    await monitoring.stop();
    throw error;
  }
  return monitoring;
}

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function startServers(
  { prometheus, alertmanager }: { prometheus: string; alertmanager: string },
  { folder, prometheusPort, alertmanagerPort }: Drilled,
): ChildProcess[] {
  const run = (program: string, args: string[]) => spawn(program, args, { stdio: "ignore" });
  return [
    run(alertmanager, [
      ...[`--config.file=${folder}/${ALERTMANAGER_CONFIG_FILE}`, `--storage.path=${folder}/am`],
      ...[`--web.listen-address=127.0.0.1:${alertmanagerPort}`, "--cluster.listen-address="],
    ]),
    run(prometheus, [
      ...[
        `--config.file=${folder}/${PROMETHEUS_CONFIG_FILE}`,
        `--storage.tsdb.path=${folder}/data`,
      ],
      ...["--config.auto-reload", "--config.auto-reload-interval=1s"],
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]),
  ];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await ended;
}

async function ready(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(`${url}/-/ready`, {
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`${url} did not get ready within 30 s.`);
    await sleep(200);
  }
}
