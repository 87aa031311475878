/** The labels of `vllm:cache_config_info`. */
import { olderThan, type Version } from "../../vllm/metric.ts";
import type { EngineSpec } from "./serverSpec.ts";

/** An engine's labels except `engine`, as recorded from 0.32.0; older versions have fewer. */
export function cacheConfig(
  { blockSize, blocks, maxModelLen }: EngineSpec,
  version: Version,
): Record<string, string> {
  const tokens = blocks * blockSize;
  const basic = {
    block_size: `${blockSize}`,
    cache_dtype: "auto",
    enable_prefix_caching: "True",
    gpu_memory_utilization: "0.92",
    num_cpu_blocks: "None",
    num_gpu_blocks: `${blocks}`,
    num_gpu_blocks_override: "None",
    prefix_caching_hash_algo: "sha256",
    sliding_window: "None",
  };
  if (olderThan(version, "0.12")) return basic;
  return {
    ...basic,
    _block_size_resolved: "True",
    cache_hit_alignment_tokens: "None",
    effective_attention_block_size: `${blockSize}`,
    enable_mamba_shared_prefix_checkpoint: "False",
    hash_block_size: "None",
    is_attention_free: "False",
    kv_cache_dtype_skip_layers: "[]",
    kv_cache_layout: "None",
    kv_cache_max_concurrency: `${Math.round((10 * tokens) / maxModelLen) / 10}`.replace(
      /^\d+$/,
      "$&.0",
    ),
    kv_cache_memory_bytes: `${tokens * BYTES_PER_TOKEN}`,
    kv_cache_size_tokens: `${tokens}`,
    kv_offloading_backend: "native",
    kv_offloading_size: "None",
    kv_sharing_fast_prefill: "False",
    mamba_block_size: "None",
    mamba_cache_dtype: "auto",
    mamba_cache_mode: "none",
    mamba_page_size_padded: "None",
    mamba_ssm_cache_dtype: "float32",
    prefix_cache_retention_interval: "0",
    prefix_match_unit: "None",
    replayssm_buffer_len: "16",
    skip_page_size_padded: "None",
    swa_bounded_replay: "True",
    use_kda_recoverssm: "False",
    use_replayssm: "False",
    user_specified_block_size: "False",
  };
}

/** As recorded. */
const BYTES_PER_TOKEN = 1024;
