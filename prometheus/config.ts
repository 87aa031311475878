import { stringify } from "yaml";
import { CANARY_JOB, GPU_JOB } from "../common/jobs.ts";
import { grafanaSeries, olderThan, type Version } from "../vllm/index.ts";
import { milliseconds } from "../common/duration.ts";
import { httpClientConfig, httpClientSecrets } from "./httpClient.ts";
import { remoteWriteConfig, remoteWriteSecrets, type RemoteWrite } from "./remoteWrite.ts";
import type { TargetGroup } from "./targets.ts";

/** Prometheus's configuration, apart from its command line. */
export interface PrometheusConfig {
  /** The vLLM servers to scrape, one scrape job per group. */
  targets: TargetGroup[];
  /** GPU exporters, `host:port`; the job `gpu`. */
  gpuExporters: string[];
  /** The stack's own servers by job, `host:port` on the stack's network. */
  own: Record<string, string>;
  /**
   * How vLLM's histograms are stored: `classic`, as exposed, or `native`, with one series for all buckets
   * of a histogram.
   */
  histograms: "classic" | "native";
  /** The fleet's oldest vLLM release; set only if the fleet is known to have old releases. */
  oldestVersion?: Version | undefined;
  /** Default interval between two scrapes of a server, a Prometheus duration. */
  scrapeInterval: string;
  /** Interval between two evaluations of the rules, a Prometheus duration. */
  evaluationInterval: string;
  /** Maximum number of samples per scrape: a scrape with more fails. 0 means no limit. */
  sampleLimit: number;
  /**
   * Labels added to alerts and to the series that other systems read from this Prometheus; none by default.
   */
  externalLabels?: Record<string, string>;
  /** Names of the rule files next to `prometheus.yml`; none by default. */
  ruleFiles?: string[];
  /** Alertmanagers, `host:port`; none by default: alerts then go nowhere. */
  alertmanagers?: string[];
  /** Systems to which Prometheus sends everything; none by default. */
  remoteWrite?: readonly RemoteWrite[];
  /** How long and how much Prometheus keeps: a Prometheus duration, and a size such as `10GB`. */
  retention: { time: string; size: string };
}

/**
 * The text of `prometheus.yml`.
 *
 * Retention is set here and not on the command line, where it is deprecated and could not change without a
 * restart. A server whose answer has no usable Content-Type is read as Prometheus text instead of failing,
 * since proxies in front of vLLM lose that header.
 */
export function prometheusConfig(config: PrometheusConfig): string {
  return stringify(
    {
      global: {
        scrape_interval: config.scrapeInterval,
        evaluation_interval: config.evaluationInterval,
        sample_limit: config.sampleLimit,
        ...externalLabels(config),
      },
      ...(config.ruleFiles && { rule_files: config.ruleFiles }),
      ...(config.alertmanagers && {
        alerting: { alertmanagers: [{ static_configs: [{ targets: config.alertmanagers }] }] },
      }),
      storage: { tsdb: { retention: config.retention } },
      ...(config.remoteWrite &&
        config.remoteWrite.length > 0 && {
          remote_write: config.remoteWrite.map((one) => remoteWriteConfig(one, config.histograms)),
        }),
      scrape_configs: [
        ...config.targets.map((group) => scrapeJob(group, config)),
        ...(config.gpuExporters.length === 0 ? [] : [plainJob(GPU_JOB, config.gpuExporters)]),
        ...Object.entries(config.own).map(([job, address]) => plainJob(job, [address])),
      ],
    },
    { aliasDuplicateObjects: false },
  );
}

/** The secrets that the configuration names, by file. */
export function prometheusSecrets({
  targets,
  remoteWrite = [],
}: Pick<PrometheusConfig, "targets" | "remoteWrite">): Record<string, string> {
  const ofTargets = targets.map((group) => httpClientSecrets(group, targetOwner(group)));
  return Object.assign({}, ...ofTargets, remoteWriteSecrets(remoteWrite)) as Record<string, string>;
}

function targetOwner({ job }: TargetGroup): string {
  return `target-${job}`;
}

/**
 * The shortest scrape timeout of all jobs, in seconds: Prometheus's default of ten, or the scrape interval
 * if that is shorter.
 */
export function shortestScrapeTimeout({
  scrapeInterval,
  targets,
}: {
  scrapeInterval: string;
  targets: Pick<TargetGroup, "scrapeInterval">[];
}): number {
  const intervals = [scrapeInterval, ...targets.flatMap((group) => group.scrapeInterval ?? [])];
  return Math.min(10, ...intervals.map((interval) => milliseconds(interval) / 1000));
}

/** Prometheus replaces `$NAME` in the values by an environment variable, and `$$` by `$`. */
function externalLabels({ externalLabels = {} }: PrometheusConfig): object {
  const entries = Object.entries(externalLabels);
  if (entries.length === 0) return {};
  return {
    external_labels: Object.fromEntries(
      entries.map(([name, value]) => [name, value.replaceAll("$", "$$$$")]),
    ),
  };
}

function plainJob(job: string, addresses: string[]): object {
  return {
    job_name: job,
    // The canary's series keep the job and instance of the probed servers.
    ...(job === CANARY_JOB && { honor_labels: true }),
    static_configs: [{ targets: addresses }],
    ...(job === "grafana" && { metric_relabel_configs: [KEEP_ASKED_OF_GRAFANA] }),
  };
}

function scrapeJob(group: TargetGroup, { histograms, oldestVersion }: PrometheusConfig): object {
  return {
    job_name: group.job,
    ...(group.scrapeInterval === undefined ? {} : { scrape_interval: group.scrapeInterval }),
    scheme: group.scheme,
    metrics_path: group.metricsPath,
    ...(group.params && {
      params: Object.fromEntries(
        Object.entries(group.params).map(([name, value]) => [name, [value]]),
      ),
    }),
    ...httpClientConfig(group, targetOwner(group)),
    ...(group.headers && {
      http_headers: Object.fromEntries(
        Object.entries(group.headers).map(([name, value]) => [name, { values: [value] }]),
      ),
    }),
    fallback_scrape_protocol: "PrometheusText0.0.4",
    ...(histograms === "native" && {
      scrape_native_histograms: true,
      convert_classic_histograms_to_nhcb: true,
    }),
    static_configs: [
      {
        targets: group.addresses,
        ...(Object.keys(group.labels).length === 0 ? {} : { labels: group.labels }),
      },
    ],
    metric_relabel_configs: [
      DROP_CREATED,
      ...(oldestVersion !== undefined && olderThan(oldestVersion, "0.11") ? [NAME_V0_ENGINE] : []),
    ],
  };
}

/**
 * Python's client adds a gauge with the creation time to each series of a counter or histogram. Nothing
 * reads these gauges, and they are an eighth of all series.
 */
const DROP_CREATED = { source_labels: ["__name__"], regex: ".+_created", action: "drop" };

/** Grafana 12 exposes some 3,600 series, as many as nine engines. Queries use only a few of them. */
const KEEP_ASKED_OF_GRAFANA = {
  source_labels: ["__name__"],
  regex: grafanaSeries.join("|"),
  action: "keep",
};

/**
 * vLLM's former engine (`VLLM_USE_V1=0`, until 0.10) sets no label `engine`, so its series look like those
 * of a router, which dashboards and rules ignore. Unlike them, a router's series name no model.
 */
const NAME_V0_ENGINE = {
  source_labels: ["model_name", "engine"],
  regex: ".+;",
  target_label: "engine",
  replacement: "0",
};
