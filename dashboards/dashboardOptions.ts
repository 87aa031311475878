import type { Objective } from "../slo/objective.ts";
import type { CustomBuckets, Version } from "../vllm/index.ts";
import type { Thresholds } from "./thresholds.ts";

/** From where on a value is worth a look, and from where on it hurts. */
export interface Levels {
  warning: number;
  critical: number;
}

/** What the dashboards depend on beside the metric catalogue. */
export interface DashboardOptions {
  /** The form in which the stack stores vLLM's histograms. */
  histograms: "classic" | "native";
  /** The fleet's oldest vLLM, where there are releases that still use former names. */
  oldestVersion?: Version | undefined;
  /** Buckets that the whole fleet has instead of vLLM's own. */
  customBuckets?: CustomBuckets;
  thresholds: Thresholds;
  objectives: Objective[];
  /** Seconds of the longest interval between two scrapes of a vLLM server. */
  longestScrapeInterval: number;
  /** The shortest scrape timeout of the jobs, in seconds. */
  scrapeTimeout: number;
  /** Whether GPU exporters are scraped. */
  gpu: boolean;
  /** Whether the canary probes servers. */
  canary: boolean;
  /** What each alert means, by its name: a few words. */
  alerts: Record<string, string>;
}
