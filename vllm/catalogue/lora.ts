/** LoRA adapters. */
import { gauge } from "../metric.ts";

/**
 * `loraRequests` is no info metric in spite of its name: the value is the time at which this pair of
 * comma lists of adapters was last seen, and each order of adapters stays as a series of its own.
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
