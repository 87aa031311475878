/**
 * What the router of vllm-project/production-stack exposes (its `services/metrics_service` and
 * `routers/metrics_router.py`): some of the engines' names, but with the label `server`.
 */
import { counter, gauge, histogram, type Metric } from "../metric.ts";

const perServer = { server: "any" } as const;
const perModel = { server: "any", model: "any" } as const;

/**
 * These belong to no engine and no dashboard queries them, so they are neither in the catalogue nor in
 * `exporters`.
 */
export const routerMetrics = {
  running: gauge("vllm:num_requests_running", text("Number of running requests", perServer)),
  /** Defined but never set, so there is no series. */
  waiting: gauge("vllm:num_requests_waiting", text("Number of waiting requests", perServer)),
  queriesPerSecond: gauge("vllm:current_qps", text("Current Queries Per Second", perServer)),
  decodingLength: gauge("vllm:avg_decoding_length", text("Average Decoding Length", perServer)),
  prefilling: gauge("vllm:num_prefill_requests", text("Number of Prefill Requests", perServer)),
  decoding: gauge("vllm:num_decoding_requests", text("Number of Decoding Requests", perServer)),
  incoming: counter(
    "vllm:num_incoming_requests",
    text("Total valid incoming requests to router (including when no backends available).", {
      model: "any",
    }),
  ),
  healthy: gauge("vllm:healthy_pods_total", text("Number of healthy vLLM pods", perServer)),
  latency: gauge("vllm:avg_latency", text("Average end-to-end request latency", perServer)),
  interToken: gauge("vllm:avg_itl", text("Average Inter-Token Latency", perServer)),
  swapped: gauge("vllm:num_requests_swapped", text("Number of swapped requests", perServer)),
  inputTokens: counter("vllm:input_tokens", text("Total input tokens processed", perModel)),
  outputTokens: counter("vllm:output_tokens", text("Total output tokens generated", perModel)),
  requestLatency: histogram("vllm:request_latency_seconds", {
    ...text("End-to-end request latency observed at the router", { ...perModel, status: "any" }),
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
  }),
};

function text<const L extends Metric["labels"]>(help: string, labels: L) {
  return { unit: "none" as const, help, labels };
}
