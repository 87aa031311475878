import type { Objective } from "../slo/objective.ts";
import type { CustomBuckets, Version } from "../vllm/index.ts";
import type { Thresholds } from "./thresholds.ts";

/** The values from which a metric is worth a look, and from which it hurts. */
export interface Levels {
  warning: number;
  critical: number;
}

/** What the dashboards depend on, apart from the metric catalogue. */
export interface DashboardOptions {
  /** The form in which the stack stores vLLM's histograms. */
  histograms: "classic" | "native";
  /** The fleet's oldest vLLM version, where it runs releases that still use former metric names. */
  oldestVersion?: Version | undefined;
  /** Buckets that the whole fleet uses instead of vLLM's own. */
  customBuckets?: CustomBuckets;
  thresholds: Thresholds;
  objectives: Objective[];
  /** The longest interval between two scrapes of a vLLM server, in seconds. */
  longestScrapeInterval: number;
  /** The shortest scrape timeout of the jobs, in seconds. */
  scrapeTimeout: number;
  /** Whether GPU exporters are scraped. */
  gpu: boolean;
  /** Whether the canary probes servers. */
  canary: boolean;
  /** What each alert means, in a few words, by the alert's name. */
  alerts: Record<string, string>;
}
