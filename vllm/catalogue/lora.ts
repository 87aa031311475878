/** LoRA adapters. */
import { gauge } from "../metric.ts";

/**
 * Despite its name, `loraRequests` is not an info metric: the value is the time at which this pair of
 * comma-separated lists of adapters was last seen, and each order of adapters remains as a separate series.
 */
export const loraMetrics = {
  loraRequests: gauge("vllm:lora_requests_info", {
    unit: "unix time",
    help: "Running stats on lora requests.",
    labels: { max_lora: "any", waiting_lora_adapters: "any", running_lora_adapters: "any" },
    enabledBy: "--enable-lora",
    since: "0.8",
  }),
};
