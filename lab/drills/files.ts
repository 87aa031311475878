import { join } from "node:path";
import { alertmanagerConfig } from "../../alertmanager/config.ts";
import {
  ALERTMANAGER_CONFIG_FILE,
  ALERTMANAGER_CONFIG_FOLDER,
  ALERTMANAGER_SECRETS_FOLDER,
  TEMPLATES_FILE,
} from "../../alertmanager/alertmanagerServer.ts";
import { TEMPLATES } from "../../alertmanager/templates.ts";
import { durationScale } from "../../common/timeScale.ts";
import { ruleOptions } from "../../plan.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { ruleFiles } from "../../prometheus/rules/index.ts";
import { PROMETHEUS_CONFIG_FILE } from "../../prometheus/prometheusServer.ts";
import { parseSettings, type Settings } from "../../settings.ts";

/** What the files of a drill's servers depend on. */
export interface Drilled {
  /** Folder that will contain the files. */
  folder: string;
  /** Factor for every window and waiting time. */
  timeScale: number;
  /** Ports of the loopback address. */
  prometheusPort: number;
  alertmanagerPort: number;
  /** URL of the webhook that receives alerts. */
  receiver: string;
}

/**
 * The files of Prometheus and Alertmanager, by path in the folder: the stack's own rules and routes,
 * generated from its settings, for servers at these `addresses` (`host:port`).
 */
export function drillFiles(drilled: Drilled, addresses: readonly string[]): Record<string, string> {
  const settings = settingsOf(drilled);
  const rules = ruleFiles(ruleOptions(settings));
  return {
    ...rules,
    [PROMETHEUS_CONFIG_FILE]: prometheusFile(drilled, settings, Object.keys(rules), addresses),
    ...alertmanagerFiles(drilled, settings),
  };
}

/** A stack's default settings, except those that keep a drill short: Prometheus scrapes every second. */
function settingsOf({ timeScale, prometheusPort, receiver }: Drilled): Settings {
  return parseSettings({
    ...{ targets: ["127.0.0.1:1"], scrapeInterval: "1s", evaluationInterval: "1s" },
    prometheus: { port: prometheusPort },
    alerting: {
      ...{ timeScale, receivers: [{ name: "drill", webhook: { url: receiver } }] },
      // Windows are shorter, so the counts in them are lower.
      thresholds: { failedRequests: 1 },
    },
  });
}

function prometheusFile(
  { prometheusPort, alertmanagerPort }: Drilled,
  settings: Settings,
  rules: string[],
  addresses: readonly string[],
): string {
  const alertmanager = `127.0.0.1:${alertmanagerPort}`;
  return prometheusConfig({
    targets: [
      {
        ...{ job: "vllm", addresses: [...addresses], labels: {}, scheme: "http" },
        metricsPath: "/metrics",
      },
    ],
    gpuExporters: [],
    own: { prometheus: `127.0.0.1:${prometheusPort}`, alertmanager },
    histograms: settings.histograms,
    scrapeInterval: settings.scrapeInterval,
    evaluationInterval: settings.evaluationInterval,
    ruleFiles: rules,
    alertmanagers: [alertmanager],
    sampleLimit: settings.prometheus.sampleLimit,
    retention: settings.retention,
  });
}

function alertmanagerFiles(
  { folder, timeScale }: Drilled,
  { alerting }: Settings,
): Record<string, string> {
  const { config, secrets } = alertmanagerConfig(alerting, durationScale(timeScale));
  return {
    [ALERTMANAGER_CONFIG_FILE]: config
      .replaceAll(ALERTMANAGER_SECRETS_FOLDER, join(folder, "secrets"))
      .replaceAll(ALERTMANAGER_CONFIG_FOLDER, folder),
    [TEMPLATES_FILE]: TEMPLATES,
    ...Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [join("secrets", name), value]),
    ),
  };
}
