import { isIP } from "node:net";
import { alertmanagerConfig } from "./alertmanager/config.ts";
import { ALERTMANAGER_PORT } from "./alertmanager/alertmanagerServer.ts";
import { TEMPLATES } from "./alertmanager/templates.ts";
import { CANARY_MAIN, canaryFiles } from "./canary/files.ts";
import { hasCanary, planCanary } from "./canary/plan.ts";
import { CANARY_CONFIG_FILE, CANARY_HOST, CANARY_PORT } from "./canary/canaryServer.ts";
import { milliseconds } from "./common/duration.ts";
import { durationScale } from "./common/timeScale.ts";
import { CANARY_JOB, DEMO_JOB, GPU_JOB } from "./common/jobs.ts";
import type { MonitoringArgs } from "./components/monitoring.ts";
import { dashboards, DASHBOARD_FOLDER } from "./dashboards/index.ts";
import { runbookDashboard, runbookPath } from "./dashboards/definitions/runbooks.ts";
import { UIDS } from "./dashboards/uids.ts";
import { GRAFANA_PORT, GRAFANA_USER } from "./grafana/grafanaServer.ts";
import { commonBuckets } from "./prometheus/buckets.ts";
import { prometheusConfig, prometheusSecrets, shortestScrapeTimeout } from "./prometheus/config.ts";
import { alertMeanings, ruleFiles, type RuleOptions } from "./prometheus/rules/index.ts";
import { runbooks } from "./prometheus/rules/runbooks.ts";
import { withScrapeSeconds } from "./prometheus/rules/alertThresholds.ts";
import { PROMETHEUS_PORT } from "./prometheus/prometheusServer.ts";
import type { TargetGroup } from "./prometheus/targets.ts";
import type { Settings } from "./settings.ts";
import { longestInterval, shortestInterval } from "./settings/intervals.ts";

/** Everything that follows from a stack's settings, before any resource exists. */
export interface Plan {
  /** What is deployed, except the names that distinguish deployments. */
  monitoring: Omit<MonitoringArgs, "deployment">;
  /** The vLLM servers and GPU exporters that Prometheus scrapes. */
  targets: TargetGroup[];
  /** Where people find it: all of the stack's outputs except the password. */
  outputs: {
    grafanaUrl: string;
    grafanaUser: string;
    prometheusUrl: string;
    /** Omitted if there are no receivers of alerts. */
    alertmanagerUrl?: string;
    /** URL of each dashboard by its uid. */
    dashboards: Record<string, string>;
  };
}

/** A program that simulates vLLM servers, for stacks that ask for a demo. */
export interface DemoProgram {
  /** Its files by path; Node starts `main`. */
  files: () => Record<string, string>;
  main: string;
  /** The ports of its servers. */
  ports: number[];
  /** A URL that answers inside the container once all servers can be scraped. */
  ready: string;
}

/** Decides from a stack's settings what is deployed and where people find it. */
export function planStack(settings: Settings, demo: DemoProgram): Plan {
  const grafanaUrl = publicGrafanaUrl(settings);
  const options = ruleOptions(settings);
  const dashboardsByUid = Object.fromEntries([
    ...dashboards({
      histograms: settings.histograms,
      oldestVersion: settings.vllm.oldestVersion,
      customBuckets: commonBuckets(settings.targets),
      thresholds: settings.thresholds,
      objectives: settings.slo.objectives,
      longestScrapeInterval: options.longestScrapeInterval,
      scrapeTimeout: shortestScrapeTimeout(settings),
      gpu: settings.gpu.exporter.length > 0,
      canary: hasCanary(settings.targets),
      alerts: alertMeanings(options),
    }).map(({ uid, json }): [string, string] => [uid, json]),
    [UIDS.runbooks, runbookDashboard(runbooks())],
  ]);
  const canary = planCanary(settings.targets);
  const rules = ruleFiles(options);
  const alertmanager = settings.alerting.receivers.length > 0;
  const targets = settings.demo ? [...settings.targets, demoTargets(demo)] : settings.targets;
  return {
    monitoring: {
      bindAddress: settings.bindAddress,
      prometheus: {
        ...settings.prometheus,
        config: prometheusConfig({
          targets,
          gpuExporters: settings.gpu.exporter,
          own: {
            prometheus: `localhost:${PROMETHEUS_PORT}`,
            grafana: `grafana:${GRAFANA_PORT}`,
            ...(alertmanager && { alertmanager: ALERTMANAGER_ADDRESS }),
            ...(canary && { [CANARY_JOB]: `${CANARY_HOST}:${CANARY_PORT}` }),
          },
          ruleFiles: Object.keys(rules),
          ...(alertmanager && { alertmanagers: [ALERTMANAGER_ADDRESS] }),
          histograms: settings.histograms,
          oldestVersion: settings.vllm.oldestVersion,
          scrapeInterval: settings.scrapeInterval,
          evaluationInterval: settings.evaluationInterval,
          sampleLimit: settings.prometheus.sampleLimit,
          externalLabels: settings.externalLabels,
          remoteWrite: settings.prometheus.remoteWrite,
          retention: settings.retention,
        }),
        ruleFiles: rules,
        secrets: prometheusSecrets({ targets, remoteWrite: settings.prometheus.remoteWrite }),
      },
      grafana: {
        ...settings.grafana,
        url: url(settings.bindAddress, settings.grafana.port),
        publicUrl: grafanaUrl,
        homePage: `/d/${UIDS.overview}`,
      },
      dashboards: {
        prometheusUrl: `http://prometheus:${PROMETHEUS_PORT}`,
        alertmanagerUrl: alertmanager ? `http://${ALERTMANAGER_ADDRESS}` : undefined,
        scrapeInterval: longestInterval(settings),
        folder: DASHBOARD_FOLDER,
        json: dashboardsByUid,
      },
      alertmanager: alertmanager ? planAlertmanager(settings) : undefined,
      canary: canary && {
        ...settings.canary,
        ...canary,
        files: canaryFiles(),
        main: CANARY_MAIN,
      },
      demo: settings.demo
        ? {
            image: settings.demoImage,
            files: demo.files(),
            main: demo.main,
            ready: demo.ready,
          }
        : undefined,
    },
    targets: [...targets, ...gpuTargets(settings.gpu.exporter)],
    outputs: {
      grafanaUrl,
      grafanaUser: GRAFANA_USER,
      prometheusUrl: url(settings.bindAddress, settings.prometheus.port),
      ...(alertmanager && { alertmanagerUrl: alertmanagerUrl(settings) }),
      dashboards: Object.fromEntries(
        Object.keys(dashboardsByUid).map((uid) => [uid, `${grafanaUrl}/d/${uid}`]),
      ),
    },
  };
}

/**
 * The files that the stack mounts and registers, by path, such as `prometheus/prometheus.yml` and
 * `grafana/<uid>.json`; none of them contains a secret.
 */
export function planFiles({ monitoring }: Plan): Record<string, string> {
  return {
    "prometheus/prometheus.yml": monitoring.prometheus.config,
    ...Object.fromEntries(
      Object.entries(monitoring.prometheus.ruleFiles).map(([name, text]) => [
        `prometheus/${name}`,
        text,
      ]),
    ),
    ...(monitoring.alertmanager && {
      "alertmanager/alertmanager.yml": monitoring.alertmanager.config,
      "alertmanager/messages.tmpl": monitoring.alertmanager.templates,
    }),
    ...(monitoring.canary && { [`canary/${CANARY_CONFIG_FILE}`]: monitoring.canary.config }),
    ...Object.fromEntries(
      Object.entries(monitoring.dashboards.json).map(([uid, json]) => [
        `grafana/${uid}.json`,
        json,
      ]),
    ),
  };
}

/** The images that the stack uses, by the settings that name them. */
export function plannedImages({ monitoring }: Plan): Record<string, string> {
  const { prometheus, grafana, alertmanager, canary, demo } = monitoring;
  return {
    "prometheus.image": prometheus.image,
    "grafana.image": grafana.image,
    ...(alertmanager && { "alertmanager.image": alertmanager.image }),
    ...(canary && { "canary.image": canary.image }),
    ...(demo && { demoImage: demo.image }),
  };
}

const ALERTMANAGER_ADDRESS = `alertmanager:${ALERTMANAGER_PORT}`;

/** The options from which the rules are built. */
export function ruleOptions(settings: Settings): RuleOptions {
  const { alerting, slo, histograms, vllm, evaluationInterval } = settings;
  const grafana = publicGrafanaUrl(settings);
  return {
    ...{ histograms, evaluationInterval, objectives: slo.objectives },
    oldestVersion: vllm.oldestVersion,
    customBuckets: commonBuckets(settings.targets),
    thresholds: withScrapeSeconds(alerting.thresholds, shortestInterval(settings)),
    longestScrapeInterval: milliseconds(longestInterval(settings)) / 1000,
    disabled: alerting.disabled,
    targetLabels: [
      ...new Set(settings.targets.flatMap(({ labels }) => Object.keys(labels))),
    ].sort(),
    gpu: settings.gpu.exporter.length > 0,
    canary: hasCanary(settings.targets),
    remoteWrite: settings.prometheus.remoteWrite.length > 0,
    timeScale: alerting.timeScale,
    alertmanager: alerting.receivers.length > 0,
    links: {
      dashboard: (dashboard) => `${grafana}/d/${UIDS[dashboard]}`,
      runbook: (alert) =>
        alerting.runbookUrl?.replaceAll("{alert}", alert) ?? `${grafana}${runbookPath(alert)}`,
    },
  };
}

function planAlertmanager(settings: Settings): Plan["monitoring"]["alertmanager"] {
  const { config, secrets } = alertmanagerConfig(
    settings.alerting,
    durationScale(settings.alerting.timeScale),
  );
  const page = alertmanagerUrl(settings);
  return { ...settings.alertmanager, config, templates: TEMPLATES, secrets, url: page };
}

/** The URL at which people reach Grafana; it can differ from the URL on this machine. */
function publicGrafanaUrl({ bindAddress, grafana }: Settings): string {
  return grafana.publicUrl ?? url(bindAddress, grafana.port);
}

function alertmanagerUrl({ bindAddress, alertmanager }: Settings): string {
  return url(bindAddress, alertmanager.port);
}

/** The demo's servers, found by its name on the stack's network. */
function demoTargets({ ports }: DemoProgram): TargetGroup {
  const addresses = ports.map((port) => `demo:${port}`);
  return { job: DEMO_JOB, addresses, labels: {}, scheme: "http", metricsPath: "/metrics" };
}

/** The GPU exporters as a group of targets; none without any. */
function gpuTargets(addresses: string[]): TargetGroup[] {
  if (addresses.length === 0) return [];
  return [{ job: GPU_JOB, addresses, labels: {}, scheme: "http", metricsPath: "/metrics" }];
}

/** URL of a service that is published on this machine. For a wildcard address, the URL uses loopback. */
function url(bindAddress: string, port: number): string {
  const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[bindAddress] ?? bindAddress;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
