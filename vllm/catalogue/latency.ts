/** Latencies: what a user waits for, and the phases of a request. */
import { histogram, perEngine } from "../metric.ts";
import { removed } from "./removed.ts";

export const latencyMetrics = {
  timeToFirstToken: histogram("vllm:time_to_first_token_seconds", {
    unit: "seconds",
    help: "Histogram of time to first token in seconds.",
    labels: perEngine,
    buckets: "time_to_first_token",
    since: "0.8",
  }),
  /** One observation per token after the first. */
  interTokenLatency: histogram("vllm:inter_token_latency_seconds", {
    unit: "seconds",
    help: "Histogram of inter-token latency in seconds.",
    labels: perEngine,
    buckets: "inter_token_latency",
    since: "0.11",
    renamedFrom: removed.timePerOutputToken,
  }),
  /** One observation per finished request: its mean, and 0 for a request of one token. */
  requestTimePerOutputToken: histogram("vllm:request_time_per_output_token_seconds", {
    unit: "seconds",
    help: "Histogram of time_per_output_token_seconds per request.",
    labels: perEngine,
    buckets: "inter_token_latency",
    since: "0.11",
  }),
  endToEndLatency: histogram("vllm:e2e_request_latency_seconds", {
    unit: "seconds",
    help: "Histogram of e2e request latency in seconds.",
    labels: perEngine,
    buckets: "request_latency",
    since: "0.8",
  }),
  queueTime: histogram("vllm:request_queue_time_seconds", {
    unit: "seconds",
    help: "Histogram of time spent in WAITING phase for request.",
    labels: perEngine,
    buckets: "request_latency",
    since: "0.8",
  }),
  inferenceTime: histogram("vllm:request_inference_time_seconds", {
    unit: "seconds",
    help: "Histogram of time spent in RUNNING phase for request.",
    labels: perEngine,
    buckets: "request_latency",
    since: "0.8",
  }),
  prefillTime: histogram("vllm:request_prefill_time_seconds", {
    unit: "seconds",
    help: "Histogram of time spent in PREFILL phase for request.",
    labels: perEngine,
    buckets: "request_latency",
    since: "0.8",
  }),
  decodeTime: histogram("vllm:request_decode_time_seconds", {
    unit: "seconds",
    help: "Histogram of time spent in DECODE phase for request.",
    labels: perEngine,
    buckets: "request_latency",
    since: "0.8",
  }),
};
