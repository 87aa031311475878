/**
 * What the canary exposes: this project's own exporter (`canary/`), which sends small requests to each vLLM
 * server. Its series have the `job` and `instance` of the probed server.
 */
import { counter, gauge, perEngine } from "../metric.ts";

/** How a completion of the canary ends; `docs/canary.md` says what each means. */
export const CANARY_OUTCOMES = [
  "ok",
  "timeout",
  "http_5xx",
  "broken",
  "rejected",
  "refused",
  "http_4xx",
] as const;

export type CanaryOutcome = (typeof CANARY_OUTCOMES)[number];

export const canaryMetrics = {
  canaryEndpointSuccess: gauge("vllm_canary_endpoint_success", {
    unit: "none",
    help: "1 if the last GET of this endpoint was answered with 200 in time, else 0.",
    labels: { model_name: "any", endpoint: ["/health", "/v1/models"] },
  }),
  canarySuccess: gauge("vllm_canary_success", {
    unit: "none",
    help: "1 if the last completion succeeded, else 0.",
    labels: perEngine,
  }),
  canaryFailures: gauge("vllm_canary_failures_in_a_row", {
    unit: "requests",
    help: "Completions in a row that timed out, broke off or got a server error; any other outcome resets it.",
    labels: perEngine,
  }),
  canaryTimeToFirstToken: gauge("vllm_canary_time_to_first_token_seconds", {
    unit: "seconds",
    help: "Seconds from sending the last completion to its first token; absent after a failure.",
    labels: perEngine,
  }),
  canaryInterTokenLatency: gauge("vllm_canary_inter_token_latency_seconds", {
    unit: "seconds",
    help: "Mean seconds between the tokens of the last completion; absent after a failure.",
    labels: perEngine,
  }),
  canaryDuration: gauge("vllm_canary_duration_seconds", {
    unit: "seconds",
    help: "Seconds from sending the last completion to its end; absent after a failure.",
    labels: perEngine,
  }),
  canaryLastSuccess: gauge("vllm_canary_last_success_timestamp_seconds", {
    unit: "unix time",
    help: "When the last successful completion ended; absent before the first.",
    labels: perEngine,
  }),
  canaryProbes: counter("vllm_canary_probes", {
    unit: "requests",
    help: "Completions by outcome.",
    labels: { ...perEngine, outcome: CANARY_OUTCOMES },
  }),
  canaryTokens: counter("vllm_canary_tokens", {
    unit: "tokens",
    help: "Tokens that completions generated.",
    labels: perEngine,
  }),
  canaryBudgetLeft: gauge("vllm_canary_budget_left", {
    unit: "requests",
    help: "Completions that the server's hourly budget still allows.",
    labels: { model_name: "any" },
  }),
};
