/**
 * The exact names that some panels of each dashboard show: once with everything selected, and once with
 * one model.
 */

/** The live servers by model, busy or not. `gone` is dead, and `never` was never up. */
const SERVERS_OF = {
  ...{ asleep: ["asleep"], backlog: ["backlog"], coder: ["coder"], decode: ["decode"] },
  ...{ embedding: ["embedding"], half: ["half"], llama: ["llama-a", "llama-b"] },
  ...{ mistral: ["mistral"], phi: ["phi-a", "phi-b"], prefill: ["prefill"], queue: ["queue"] },
  ...{ qwen: ["qwen-a", "qwen-b"], restarted: ["crashed", "restarted"], small: ["small"] },
  ...{ stuck: ["stuck"], unused: ["idle"] },
};
const MODELS = Object.keys(SERVERS_OF);
const PERCENTILES = ["P99", "P95", "P90", "P50", "Mean"];

/** Each server has one engine, except two servers, which have two. */
const ranksOf = (server: string) => (["half", "llama-b"].includes(server) ? [0, 1] : [0]);
const enginesOf = (servers: string[]) =>
  servers.flatMap((server) => ranksOf(server).map((rank) => `${server} engine ${rank}`));
const ENGINES = enginesOf(Object.values(SERVERS_OF).flat());
const LLAMA_ENGINES = enginesOf(SERVERS_OF.llama);

/** An engine's row: its rank, its server, its model. */
const ROWS = Object.entries(SERVERS_OF).flatMap(([model, servers]) =>
  servers.flatMap((server) => ranksOf(server).map((rank) => `${rank} ${server} ${model}`)),
);

interface Names {
  all: readonly string[];
  /** With the model `llama` selected, if the dashboard has a model variable. */
  llama?: readonly string[];
}

/** By the titles of dashboard and panel, in any order. A table's rows are named by their labels. */
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
    "Bottleneck by model": { all: [...MODELS, "gone"], llama: ["llama"] },
    "Generated tokens by model": { all: MODELS, llama: ["llama"] },
    "Inter-token latency (ITL)": { all: PERCENTILES, llama: PERCENTILES },
  },
  "vLLM / Instances": {
    Servers: {
      all: [...ROWS, "gone gone", "never"],
      llama: [...ROWS.filter((row) => row.endsWith(" llama")), "never"],
    },
    "Running by engine": { all: ENGINES, llama: LLAMA_ENGINES },
    "KV cache by engine": { all: ENGINES, llama: LLAMA_ENGINES },
  },
  "vLLM / KV cache": {
    "Cache usage by model": { all: MODELS, llama: ["llama"] },
    "NIXL throughput": {
      all: ["phi-a", "phi-b", "phi-a, within transfers", "phi-b, within transfers"],
      llama: [],
    },
    "NIXL transfer time": { all: PERCENTILES, llama: [] },
    // Fewer than a hundred loads, so there is no P99.
    "3FS load time": { all: PERCENTILES.slice(1), llama: [] },
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
    "Targets per job": { all: ["canary", "gpu", "prometheus", "recorded", "router", "vllm"] },
  },
  "vLLM / GPU": {
    "Power by GPU": { all: ["node1 GPU 0", "node1 GPU 1"] },
  },
};
