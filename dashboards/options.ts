import type { CustomBuckets, Version } from "../vllm/index.ts";
import type { Thresholds } from "./thresholds.ts";

/** From where on a value is worth a look, and from where on it hurts. */
export interface Levels {
  warning: number;
  critical: number;
}

/** What a stack's users are promised: a share of good events over some time. */
export interface Objective {
  /** Unique, and shown on the board. */
  name: string;
  /** What is measured; the last four against `threshold`. */
  metric:
    | "availability"
    | "errors"
    | "time_to_first_token"
    | "inter_token_latency"
    | "time_per_output_token"
    | "end_to_end_latency";
  /** Seconds within which an event is good; only for latencies. */
  threshold?: number | undefined;
  /** Share of good events, such as 0.99. */
  target: number;
  /** Time over which the promise is kept, a Prometheus duration; 30 days unless told. */
  window?: string;
  /** The models that it is about; all unless told. */
  models?: string[] | undefined;
}

/** What the boards depend on beside the metric catalogue. */
export interface BoardOptions {
  /** The form in which the stack stores vLLM's histograms. */
  histograms: "classic" | "native";
  /** The fleet's oldest vLLM, where there are releases that still use former names. */
  oldestVersion?: Version | undefined;
  /** Buckets that the whole fleet has instead of vLLM's own. */
  customBuckets?: CustomBuckets;
  thresholds: Thresholds;
  objectives: Objective[];
  /** Whether GPU exporters are scraped. */
  gpu: boolean;
}
