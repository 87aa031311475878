import type { Objective } from "../../slo/objective.ts";
import type { CustomBuckets, Version } from "../../vllm/index.ts";
import type { AlertName } from "./alerts/names.ts";
import type { AlertThresholds } from "./alertThresholds.ts";

/** What the rules depend on, besides the metric catalogue. */
export interface RuleOptions {
  /** The form in which Prometheus stores vLLM's histograms. */
  histograms: "classic" | "native";
  /** The fleet's oldest vLLM release; set only if some releases still use former names. */
  oldestVersion?: Version | undefined;
  /** Buckets that the whole fleet has instead of vLLM's own. */
  customBuckets: CustomBuckets;
  objectives: Objective[];
  thresholds: AlertThresholds;
  /** Names of alerts that are turned off. */
  disabled: readonly AlertName[];
  /** Factor for all windows and waiting times: 1, or less for a drill. */
  timeScale: number;
  /** The longest scrape interval of a vLLM server, in seconds. */
  longestScrapeInterval: number;
  /** Interval between two evaluations, a Prometheus duration. */
  evaluationInterval: string;
  /** Names of the labels that the settings add to targets. */
  targetLabels: readonly string[];
  /** Whether there are GPU exporters to watch over. */
  gpu: boolean;
  /** Whether the canary probes servers. */
  canary: boolean;
  /** Whether Prometheus sends samples to other systems. */
  remoteWrite: boolean;
  /** Whether there is an Alertmanager to watch over. */
  alertmanager: boolean;
  links: Links;
}

/** The links from an alert. */
export interface Links {
  /** URL of a dashboard. */
  dashboard: (dashboard: DashboardName) => string;
  /** URL of an alert's runbook. */
  runbook: (alert: string) => string;
}

/** The dashboards that alerts link to, by what they show. */
export type DashboardName = "overview" | "instances" | "kvCache" | "slo" | "gpu" | "stack";
