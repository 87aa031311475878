/** A real Prometheus and Alertmanager on this machine, watching over a fake fleet. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alertmanagerConfig } from "../../alertmanager/config.ts";
import { CONFIG_FOLDER, SECRETS_FOLDER, TEMPLATES_FILE } from "../../alertmanager/server.ts";
import { TEMPLATES } from "../../alertmanager/templates.ts";
import {
  ensureAlertmanagerPrograms,
  ensurePrometheusPrograms,
} from "../../offline/images/index.ts";
import { ruleOptions } from "../../plan.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { ruleFiles } from "../../prometheus/rules/index.ts";
import { clock } from "../../prometheus/rules/time.ts";
import type { TargetGroup } from "../../prometheus/targets.ts";
import { parseSettings } from "../../settings.ts";
import { report } from "../setup/report.ts";

/** An alert as Alertmanager told of it. */
export interface Told {
  name: string;
  status: "firing" | "resolved";
  labels: Record<string, string>;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Ground {
  /** What was told so far, but for the Watchdog. */
  told: readonly Told[];
  prometheusUrl: string;
  alertmanagerUrl: string;
  /** From now on Prometheus scrapes just these, `host:port`. */
  scrape(addresses: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The stack's own rules and routes, made of its settings, with every window and waiting time
 * shortened by `timeScale` and a scrape each second. All listens on the loopback address.
 */
export async function prepareGround(
  timeScale: number,
  addresses: readonly string[],
): Promise<Ground> {
  const [{ prometheus }, { alertmanager }] = [
    await ensurePrometheusPrograms(report),
    await ensureAlertmanagerPrograms(report),
  ];
  const folder = mkdtempSync(join(tmpdir(), "drill-"));
  const { told, url, close } = await listenForAlerts();
  const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
  const settings = parseSettings({
    ...{ targets: ["127.0.0.1:1"], scrapeInterval: "1s", evaluationInterval: "1s" },
    prometheus: { port: prometheusPort },
    alerting: {
      ...{ timeScale, receivers: [{ name: "drill", webhook: { url } }] },
      // A scrape may take a second at most here: what is slow must be less.
      thresholds: { scrapeSeconds: 0.5 },
    },
  });

  const rules = ruleFiles(ruleOptions(settings));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
  };
  const configure = (scraped: readonly string[]) => {
    const group: TargetGroup = {
      ...{ job: "vllm", addresses: [...scraped], labels: {}, scheme: "http" },
      metricsPath: "/metrics",
    };
    write(
      "prometheus.yml",
      prometheusConfig({
        targets: [group],
        gpuExporters: [],
        own: {
          prometheus: `127.0.0.1:${prometheusPort}`,
          alertmanager: `127.0.0.1:${alertmanagerPort}`,
        },
        histograms: settings.histograms,
        scrapeInterval: settings.scrapeInterval,
        evaluationInterval: settings.evaluationInterval,
        ruleFiles: Object.keys(rules),
        alertmanagers: [`127.0.0.1:${alertmanagerPort}`],
        sampleLimit: settings.prometheus.sampleLimit,
        retention: settings.retention,
      }),
    );
  };
  for (const [name, text] of Object.entries(rules)) write(name, text);
  configure(addresses);
  const { config, secrets } = alertmanagerConfig(settings.alerting, clock(timeScale));
  mkdirSync(join(folder, "secrets"));
  for (const [name, value] of Object.entries(secrets)) write(join("secrets", name), value);
  write(TEMPLATES_FILE, TEMPLATES);
  write(
    "alertmanager.yml",
    config.replaceAll(SECRETS_FOLDER, join(folder, "secrets")).replaceAll(CONFIG_FOLDER, folder),
  );

  const children = [
    run(alertmanager, [
      ...[`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/am`],
      ...[`--web.listen-address=127.0.0.1:${alertmanagerPort}`, "--cluster.listen-address="],
    ]),
    run(prometheus, [
      ...[`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`],
      ...["--config.auto-reload", "--config.auto-reload-interval=1s"],
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
    ]),
  ];
  const ground: Ground = {
    told,
    prometheusUrl: `http://127.0.0.1:${prometheusPort}`,
    alertmanagerUrl: `http://127.0.0.1:${alertmanagerPort}`,
    scrape: async (scraped) => {
      configure(scraped);
      await sleep(1500);
    },
    stop: async () => {
      await Promise.all(children.map(end));
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([ready(ground.prometheusUrl), ready(ground.alertmanagerUrl)]);
  } catch (error) {
    await ground.stop();
    throw error;
  }
  return ground;
}

/** A port of the loopback address that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listenForAlerts() {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    request.on("end", () => {
      const { alerts } = JSON.parse(body) as { alerts: Pick<Told, "status" | "labels">[] };
      for (const { status, labels } of alerts) {
        told.push({ name: labels.alertname ?? "", status, labels, at: Date.now() });
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { told, url: `http://127.0.0.1:${port}/`, close };
}

function run(program: string, args: string[]): ChildProcess {
  return spawn(program, args, { stdio: "ignore" });
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
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error(`${url} did not get ready within 30 s.`);
    await sleep(200);
  }
}
