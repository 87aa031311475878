/** Sleep mode, and the weight transfers of reinforcement learning. */
import { gauge, histogram, perEngine } from "../metric.ts";

export const sleepMetrics = {
  sleepState: gauge("vllm:engine_sleep_state", {
    unit: "none",
    help: "Engine sleep state; awake = 0 means engine is sleeping; awake = 1 means engine is awake; weights_offloaded = 1 means sleep level 1; discard_all = 1 means sleep level 2.",
    labels: { ...perEngine, sleep_state: ["awake", "weights_offloaded", "discard_all"] },
    since: "0.12",
  }),
  sleepOperationDuration: histogram("vllm:sleep_mode_operation_duration_seconds", {
    unit: "seconds",
    help: "Duration of one sleep-mode operation.",
    labels: { operation: ["sleep", "release_kv_cache_memory", "wake"] },
    buckets: [0.01, 0.1, 1, 10, 30, 60, 120, 300, 600],
    enabledBy: "--enable-sleep-mode and VLLM_SERVER_DEV_MODE=1, from the first operation on",
    since: "0.32",
  }),
  sleepOperationsInFlight: gauge("vllm:sleep_mode_operations_in_flight", {
    unit: "operations",
    help: "Sleep-mode operations currently awaited.",
    labels: { operation: ["sleep", "release_kv_cache_memory", "wake"] },
    enabledBy: "--enable-sleep-mode and VLLM_SERVER_DEV_MODE=1, from the first operation on",
    since: "0.32",
  }),
  weightUpdateDuration: histogram("vllm:rl_weight_update_operation_duration_seconds", {
    unit: "seconds",
    help: "Duration of one weight-transfer operation.",
    labels: { operation: ["init", "shutdown", "start", "start_draft", "update", "finish"] },
    buckets: [0.01, 0.1, 1, 10, 30, 60, 120, 300, 600],
    enabledBy: "weight transfer and VLLM_SERVER_DEV_MODE=1, from the first operation on",
    since: "0.32",
  }),
  weightUpdatesInFlight: gauge("vllm:rl_weight_update_operations_in_flight", {
    unit: "operations",
    help: "Weight-transfer operations currently awaited.",
    labels: { operation: ["init", "shutdown", "start", "start_draft", "update", "finish"] },
    enabledBy: "weight transfer and VLLM_SERVER_DEV_MODE=1, from the first operation on",
    since: "0.32",
  }),
};
