/** The scheduler: which requests run, which wait and why, and what one engine step does. */
import { counter, gauge, histogram, perEngine } from "../metric.ts";

export const schedulerMetrics = {
  requestsRunning: gauge("vllm:num_requests_running", {
    unit: "requests",
    help: "Number of requests in model execution batches.",
    labels: perEngine,
    since: "0.8",
  }),
  /** The sum of both reasons of `requestsWaitingByReason`. */
  requestsWaiting: gauge("vllm:num_requests_waiting", {
    unit: "requests",
    help: "Number of requests waiting to be processed.",
    labels: perEngine,
    since: "0.8",
  }),
  requestsWaitingByReason: gauge("vllm:num_requests_waiting_by_reason", {
    unit: "requests",
    help: "Number of waiting requests by reason. Reason labels: 'capacity' = waiting for scheduling capacity; 'deferred' = deferred by transient constraints (LoRA budget, KV transfer, blocked status). Sum of all reasons equals vllm:num_requests_waiting.",
    labels: { ...perEngine, reason: ["capacity", "deferred"] },
    since: "0.23",
  }),
  requestsKvFetchByStage: gauge("vllm:num_requests_kv_fetch_by_stage", {
    unit: "requests",
    help: "Number of waiting requests by async KV load stage. Stage labels: 'waiting_to_start' = needs an async KV load that has not started; 'in_progress' = load started and not yet reported finished; 'completed_waiting' = load finished, request not running yet.",
    labels: { ...perEngine, stage: ["waiting_to_start", "in_progress", "completed_waiting"] },
    enabledBy: "a KV connector that consumes",
    since: "0.32",
  }),
  preemptions: counter("vllm:num_preemptions", {
    unit: "requests",
    help: "Cumulative number of preemption from the engine.",
    labels: perEngine,
    since: "0.8",
  }),
  /** A histogram whose name ends like a counter's: one observation per engine step. */
  iterationTokens: histogram("vllm:iteration_tokens_total", {
    unit: "tokens",
    help: "Histogram of number of tokens per engine_step.",
    labels: perEngine,
    buckets: "iteration_tokens",
    since: "0.8",
  }),
  /** Also exposed without the flag, but then it stays 0. The same is true of the next two. */
  estimatedFlops: counter("vllm:estimated_flops_per_gpu", {
    unit: "flops",
    help: "Estimated number of floating point operations per GPU (for Model Flops Utilization calculations).",
    labels: perEngine,
    enabledBy: "--enable-mfu-metrics",
    since: "0.18",
  }),
  estimatedReadBytes: counter("vllm:estimated_read_bytes_per_gpu", {
    unit: "bytes",
    help: "Estimated number of bytes read from memory per GPU (for Model Flops Utilization calculations).",
    labels: perEngine,
    enabledBy: "--enable-mfu-metrics",
    since: "0.18",
  }),
  estimatedWriteBytes: counter("vllm:estimated_write_bytes_per_gpu", {
    unit: "bytes",
    help: "Estimated number of bytes written to memory per GPU (for Model Flops Utilization calculations).",
    labels: perEngine,
    enabledBy: "--enable-mfu-metrics",
    since: "0.18",
  }),
};
