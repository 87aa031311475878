/** The names that some panels of each board show, word for word: of everything, and of one model. */

/** Of all models that live, busy or not; `gone` is dead. */
const MODELS = [
  ...["asleep", "coder", "decode", "llama", "mistral", "phi", "prefill", "queue", "qwen"],
  ...["restarted", "small", "stuck", "unused"],
];
const SERVERS = [
  ...["asleep", "coder", "crashed", "decode", "idle", "llama-a", "llama-b", "mistral", "phi-a"],
  ...["phi-b", "prefill", "queue", "qwen-a", "qwen-b", "restarted", "small", "stuck"],
];
const PERCENTILES = ["P99", "P95", "P90", "P50", "Mean"];

/** Each server has one engine, but for one. */
const ENGINES = [
  ...SERVERS.filter((name) => name !== "llama-b").map((name) => `${name} engine 0`),
  ...["llama-b engine 0", "llama-b engine 1"],
];
const LLAMA_ENGINES = ["llama-a engine 0", "llama-b engine 0", "llama-b engine 1"];

interface Names {
  all: readonly string[];
  /** Of the model `llama`, where the board has models. */
  llama?: readonly string[];
}

/** By the titles of board and panel, in any order. A table's rows are named by their labels. */
export const legends: Readonly<Record<string, Readonly<Record<string, Names>>>> = {
  vLLM: {
    "E2E Request Latency": {
      all: PERCENTILES.with(4, "Average"),
      llama: PERCENTILES.with(4, "Average"),
    },
    "Scheduler State": {
      all: ["Num Running", "Num Waiting"],
      llama: ["Num Running", "Num Waiting"],
    },
  },
  "vLLM / Overview": {
    "What holds each model up": { all: MODELS, llama: ["llama"] },
    "Generated tokens by model": { all: MODELS, llama: ["llama"] },
    "Inter-token latency (ITL)": { all: PERCENTILES, llama: PERCENTILES },
  },
  "vLLM / Instances": {
    Servers: { all: [...SERVERS, "gone"], llama: ["gone", "llama-a", "llama-b"] },
    "Running by engine": { all: ENGINES, llama: LLAMA_ENGINES },
    "KV cache by engine": { all: ENGINES, llama: LLAMA_ENGINES },
  },
  "vLLM / KV cache": {
    "Cache usage by model": { all: MODELS, llama: ["llama"] },
    "NIXL throughput": {
      all: ["phi-a", "phi-b", "phi-a, within transfers", "phi-b, within transfers"],
      llama: [],
    },
    // Fewer than a hundred transfers: no 99th.
    "NIXL transfer time": { all: PERCENTILES.slice(1), llama: [] },
    "Tier traffic": { all: ["1:fs, read", "1:fs, written"], llama: [] },
  },
  "vLLM / Speculative decoding and LoRA": {
    "Acceptance rate by model": { all: ["coder"], llama: [] },
    "Acceptance rate by position": {
      all: ["Position 0", "Position 1", "Position 2", "Position 3"],
      llama: [],
    },
    "Adapters in use": { all: ["coder review", "coder sql"], llama: [] },
  },
  "vLLM / Wall": {
    "State over time": { all: [...MODELS, "gone"], llama: ["llama"] },
  },
  "vLLM / The stack itself": {
    "Targets per job": { all: ["gpu", "prometheus", "router", "vllm"] },
  },
  "vLLM / GPU": {
    "Power by GPU": { all: ["node1 GPU 0", "node1 GPU 1"] },
  },
};
