/** The KV cache and the other caches of an engine. */
import { counter, gauge, histogram, info, perEngine } from "../metric.ts";
import { removed } from "./removed.ts";

/**
 * Each label is a field of `CacheConfig`, as 0.32.0 exposes them; other releases have some more or fewer. A
 * label limit of the scrape must leave room for them.
 */
const CACHE_CONFIG_LABELS = {
  _block_size_resolved: "any",
  block_size: "any",
  cache_dtype: "any",
  cache_hit_alignment_tokens: "any",
  effective_attention_block_size: "any",
  enable_mamba_shared_prefix_checkpoint: "any",
  enable_prefix_caching: "any",
  engine: "any",
  gpu_memory_utilization: "any",
  hash_block_size: "any",
  is_attention_free: "any",
  kv_cache_dtype_skip_layers: "any",
  kv_cache_layout: "any",
  kv_cache_max_concurrency: "any",
  kv_cache_memory_bytes: "any",
  kv_cache_size_tokens: "any",
  kv_offloading_backend: "any",
  kv_offloading_size: "any",
  kv_sharing_fast_prefill: "any",
  mamba_block_size: "any",
  mamba_cache_dtype: "any",
  mamba_cache_mode: "any",
  mamba_page_size_padded: "any",
  mamba_ssm_cache_dtype: "any",
  num_cpu_blocks: "any",
  num_gpu_blocks: "any",
  num_gpu_blocks_override: "any",
  prefix_cache_retention_interval: "any",
  prefix_caching_hash_algo: "any",
  prefix_match_unit: "any",
  replayssm_buffer_len: "any",
  skip_page_size_padded: "any",
  sliding_window: "any",
  swa_bounded_replay: "any",
  use_kda_recoverssm: "any",
  use_replayssm: "any",
  user_specified_block_size: "any",
} as const;

export const cacheMetrics = {
  /** A share, despite its name: 1 is full. */
  kvCacheUsage: gauge("vllm:kv_cache_usage_perc", {
    unit: "ratio",
    help: "KV-cache usage. 1 means 100 percent usage.",
    labels: perEngine,
    since: "0.10",
    renamedFrom: removed.gpuCacheUsage,
  }),
  prefixCacheQueries: counter("vllm:prefix_cache_queries", {
    unit: "tokens",
    help: "Prefix cache queries, in terms of number of queried tokens.",
    labels: perEngine,
    since: "0.10",
    renamedFrom: removed.gpuPrefixCacheQueries,
  }),
  /** Whole blocks only: a shared prefix shorter than a block never hits. */
  prefixCacheHits: counter("vllm:prefix_cache_hits", {
    unit: "tokens",
    help: "Prefix cache hits, in terms of number of cached tokens.",
    labels: perEngine,
    since: "0.10",
    renamedFrom: removed.gpuPrefixCacheHits,
  }),
  externalPrefixCacheQueries: counter("vllm:external_prefix_cache_queries", {
    unit: "tokens",
    help: "External prefix cache queries from KV connector cross-instance cache sharing, in terms of number of queried tokens.",
    labels: perEngine,
    since: "0.12",
  }),
  externalPrefixCacheHits: counter("vllm:external_prefix_cache_hits", {
    unit: "tokens",
    help: "External prefix cache hits from KV connector cross-instance cache sharing, in terms of number of cached tokens.",
    labels: perEngine,
    since: "0.12",
  }),
  multiModalCacheQueries: counter("vllm:mm_cache_queries", {
    unit: "none",
    help: "Multi-modal cache queries, in terms of number of queried items.",
    labels: perEngine,
    since: "0.12",
  }),
  multiModalCacheHits: counter("vllm:mm_cache_hits", {
    unit: "none",
    help: "Multi-modal cache hits, in terms of number of cached items.",
    labels: perEngine,
    since: "0.12",
  }),
  kvBlockLifetime: histogram("vllm:kv_block_lifetime_seconds", {
    unit: "seconds",
    help: "Histogram of KV cache block lifetime from allocation to eviction. Sampled metrics (controlled by --kv-cache-metrics-sample).",
    labels: perEngine,
    buckets: "kv_cache_residency",
    enabledBy: "--kv-cache-metrics",
    since: "0.12",
  }),
  kvBlockIdleBeforeEviction: histogram("vllm:kv_block_idle_before_evict_seconds", {
    unit: "seconds",
    help: "Histogram of idle time before KV cache block eviction. Sampled metrics (controlled by --kv-cache-metrics-sample).",
    labels: perEngine,
    buckets: "kv_cache_residency",
    enabledBy: "--kv-cache-metrics",
    since: "0.12",
  }),
  kvBlockReuseGap: histogram("vllm:kv_block_reuse_gap_seconds", {
    unit: "seconds",
    help: "Histogram of time gaps between consecutive KV cache block accesses. Only the most recent accesses are recorded (ring buffer). Sampled metrics (controlled by --kv-cache-metrics-sample).",
    labels: perEngine,
    buckets: "kv_cache_residency",
    enabledBy: "--kv-cache-metrics",
    since: "0.12",
  }),
  /** The only metric of an engine without the label `model_name`. */
  cacheConfig: info("vllm:cache_config_info", {
    help: "Information of the LLMEngine CacheConfig",
    labels: CACHE_CONFIG_LABELS,
    since: "0.8",
  }),
};
