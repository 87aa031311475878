/** The dashboards' uids, fixed, so that links to a dashboard survive every change. */
export const UIDS = {
  /** The uid of vLLM's own example, so that links to that dashboard lead to this one. */
  vllm: "b281712d-8bff-41ef-9f3f-71ad43c05e9b",
  overview: "vllm-overview",
  capacity: "vllm-capacity",
  instances: "vllm-instances",
  kvCache: "vllm-kv-cache",
  speculation: "vllm-speculation-lora",
  slo: "vllm-slo",
  wall: "vllm-wall",
  stack: "vllm-stack",
  gpu: "vllm-gpu",
  runbooks: "vllm-runbooks",
} as const;
