/** The boards' uids, fixed, so that links to a board survive every change. */
export const UIDS = {
  overview: "vllm-overview",
  instances: "vllm-instances",
  kvCache: "vllm-kv-cache",
  speculation: "vllm-speculation-lora",
  slo: "vllm-slo",
  wall: "vllm-wall",
  stack: "vllm-stack",
  gpu: "vllm-gpu",
} as const;
