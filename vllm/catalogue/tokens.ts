/** Tokens that went through the engine. */
import { counter, perEngine } from "../metric.ts";

export const tokenMetrics = {
  promptTokens: counter("vllm:prompt_tokens", {
    unit: "tokens",
    help: "Number of prefill tokens processed.",
    labels: perEngine,
    since: "0.8",
  }),
  generationTokens: counter("vllm:generation_tokens", {
    unit: "tokens",
    help: "Number of generation tokens processed.",
    labels: perEngine,
    since: "0.8",
  }),
  promptTokensBySource: counter("vllm:prompt_tokens_by_source", {
    unit: "tokens",
    help: "Number of prompt tokens by source.",
    labels: { ...perEngine, source: ["local_compute", "local_cache_hit", "external_kv_transfer"] },
    since: "0.16",
  }),
  promptTokensCached: counter("vllm:prompt_tokens_cached", {
    unit: "tokens",
    help: "Number of cached prompt tokens (local + external).",
    labels: perEngine,
    since: "0.16",
  }),
  promptTokensCachedBySource: counter("vllm:prompt_tokens_cached_by_source", {
    unit: "tokens",
    help: "Prefix-cache hit tokens by the cache tier that supplied them: device (local HBM), host (offloaded to DRAM), disk, p2p (transferred from another vLLM instance) or external_unspecified. Counted at admission; sums to vllm:prefix_cache_hits + vllm:external_prefix_cache_hits.",
    labels: { ...perEngine, source: ["device", "host", "p2p", "disk", "external_unspecified"] },
    since: "0.32",
  }),
};
