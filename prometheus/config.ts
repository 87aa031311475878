import { stringify } from "yaml";
import type { TargetGroup } from "./targets.ts";

/** What Prometheus is told, apart from its command line. */
export interface PrometheusConfig {
  /** The servers to scrape, one scrape job per group. */
  targets: TargetGroup[];
  /** Default interval between two scrapes of a server, a Prometheus duration. */
  scrapeInterval: string;
  /** Interval between two evaluations of the rules, a Prometheus duration. */
  evaluationInterval: string;
  /** How long and how much is kept: a Prometheus duration, and a size such as `10GB`. */
  retention: { time: string; size: string };
}

/**
 * The text of `prometheus.yml`.
 *
 * Retention stands here, not on the command line, where it is deprecated and could not change
 * without a restart. A server whose answer has no usable Content-Type is read as Prometheus text
 * instead of failing, since proxies in front of vLLM lose that header.
 */
export function prometheusConfig(config: PrometheusConfig): string {
  return stringify({
    global: {
      scrape_interval: config.scrapeInterval,
      evaluation_interval: config.evaluationInterval,
    },
    storage: { tsdb: { retention: config.retention } },
    scrape_configs: config.targets.map(scrapeJob),
  });
}

function scrapeJob(group: TargetGroup): object {
  return {
    job_name: group.job,
    ...(group.scrapeInterval === undefined ? {} : { scrape_interval: group.scrapeInterval }),
    scheme: group.scheme,
    metrics_path: group.metricsPath,
    fallback_scrape_protocol: "PrometheusText0.0.4",
    static_configs: [
      {
        targets: group.addresses,
        ...(Object.keys(group.labels).length === 0 ? {} : { labels: group.labels }),
      },
    ],
  };
}
