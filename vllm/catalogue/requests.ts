/** Requests: how many, how they end, how long they are. */
import { counter, histogram, perEngine } from "../metric.ts";

export const requestMetrics = {
  /**
   * All ways in which a request can end, despite the name; `error` since 0.13, `repetition` since 0.18. A
   * client that disconnects is not counted anywhere, and a request that HTTP rejects with 4xx only in
   * `httpRequests`.
   */
  requestsFinished: counter("vllm:request_success", {
    unit: "requests",
    help: "Count of successfully processed requests.",
    labels: { ...perEngine, finished_reason: ["stop", "length", "abort", "error", "repetition"] },
    since: "0.8",
  }),
  admissionRejections: counter("vllm:admission_rejections", {
    unit: "requests",
    help: "Number of admission attempts rejected by a queue limit, by reason.",
    labels: { model_name: "any", reason: ["max_num_queued_reqs", "max_num_queued_tokens"] },
    since: "0.32",
  }),
  corruptedRequests: counter("vllm:corrupted_requests", {
    unit: "requests",
    help: "Corrupted requests, in terms of total number of requests with NaNs in logits.",
    labels: perEngine,
    enabledBy: "VLLM_COMPUTE_NANS_IN_LOGITS=1",
    since: "0.12",
  }),
  watermarkRequests: counter("vllm:watermark_requests", {
    unit: "requests",
    help: "Finished requests by watermark status (only with watermark_config).",
    labels: { ...perEngine, status: ["watermarked", "skipped", "not_watermarked"] },
    enabledBy: "watermark_config",
    since: "0.32",
  }),
  requestPromptTokens: histogram("vllm:request_prompt_tokens", {
    unit: "tokens",
    help: "Number of prefill tokens processed.",
    labels: perEngine,
    buckets: "request_tokens",
    since: "0.8",
  }),
  requestGenerationTokens: histogram("vllm:request_generation_tokens", {
    unit: "tokens",
    help: "Number of generation tokens processed.",
    labels: perEngine,
    buckets: "request_tokens",
    since: "0.8",
  }),
  requestMaxGenerationTokens: histogram("vllm:request_max_num_generation_tokens", {
    unit: "tokens",
    help: "Histogram of maximum number of requested generation tokens.",
    labels: perEngine,
    buckets: "request_tokens",
    since: "0.8",
  }),
  requestMaxTokensParameter: histogram("vllm:request_params_max_tokens", {
    unit: "tokens",
    help: "Histogram of the max_tokens request parameter.",
    labels: perEngine,
    buckets: "request_tokens",
    since: "0.8",
  }),
  requestNParameter: histogram("vllm:request_params_n", {
    unit: "none",
    help: "Histogram of the n request parameter.",
    labels: perEngine,
    buckets: "request_params_n",
    since: "0.8",
  }),
  requestPrefillComputedTokens: histogram("vllm:request_prefill_kv_computed_tokens", {
    unit: "tokens",
    help: "Histogram of new KV tokens computed during prefill (excluding cached tokens).",
    labels: perEngine,
    buckets: "request_tokens",
    since: "0.13",
  }),
  requestPreemptions: histogram("vllm:request_num_preemptions", {
    unit: "none",
    help: "Histogram of the number of times a request was preempted.",
    labels: perEngine,
    buckets: "request_num_preemptions",
    since: "0.32",
  }),
};
