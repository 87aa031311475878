/** The specification of a fake server. Times are in seconds since the fleet's start. */
import type { CustomBuckets } from "../../vllm/buckets.ts";
import type { Version } from "../../vllm/metric.ts";
import type { Extra } from "./extras.ts";
import type { Spread } from "./random.ts";

/** One vLLM server. */
export interface ServerSpec {
  /** Unique in the fleet. */
  name: string;
  /** The `model_name`. */
  model: string;
  version: Version;
  /** Number of data-parallel engines; `engine` describes each of them. */
  engines: number;
  /** `--api-server-count`: above 1 there are no `_created` series and no process metrics. */
  apiServers: number;
  engine: EngineSpec;
  workload: Workload;
  customBuckets: CustomBuckets;
  /** `--max-num-queued-reqs`: requests beyond this number, running or waiting, are refused. */
  maxQueued: number;
  /** Features that few servers have. */
  extras: readonly Extra[];
  /** Changes during the server's life, in any order. */
  changes: readonly Scheduled[];
}

export interface EngineSpec {
  /** `--max-model-len`: where the length histograms end. */
  maxModelLen: number;
  /** Tokens per KV block, and the number of blocks. */
  blockSize: number;
  blocks: number;
  /** `--max-num-seqs` and `--max-num-batched-tokens`. */
  maxRunning: number;
  tokenBudget: number;
  /** How long a step takes: a fixed part, plus a part per decoding request and per prefill token. */
  step: { base: number; perRequest: number; perPrefillToken: number };
  /** Draft tokens per step, and the chance that one is accepted if all before it were accepted. */
  speculative: { tokens: number; acceptance: number } | undefined;
  /** LoRA adapters; requests use them equally often. */
  lora: readonly string[];
  /** `--kv-cache-metrics`. */
  kvCacheMetrics: boolean;
  /** Probability that an external cache has blocks that the local cache lacks. */
  externalHits: number;
  /** Connectors that transfer and store blocks. Without any, external blocks are available at once. */
  connectors: readonly ConnectorName[];
  /** Share of the connectors' transfers that fail. */
  transferFailures: number;
  /** Speed of the connectors' links, as a share of the usual speed. */
  transferSpeed: number;
  /** An embedding model: it answers a request once the prompt is processed, and generates no tokens. */
  pooling: boolean;
  /** `--enable-mfu-metrics`, for a model with this many parameters; 0 turns it off. */
  parameters: number;
}

/** A KV connector; `connectors/` defines the kinds. */
export type ConnectorName =
  | "nixl"
  | "mooncake"
  | "mooncakeStore"
  | "hf3fs"
  | "umbp"
  | "offloading"
  | "tieredOffloading"
  | "simpleOffload"
  | "hiSparse";

export interface Workload {
  /** Mean requests per second, while `load` is 1. */
  rate: number;
  /** The rate rises and falls by `share` of itself in each `period`; above 1, the rate is 0 for a while. */
  swell: { share: number; period: number };
  /** `factor` times the rate during the first `lasting` seconds of each `every`. */
  bursts: { every: number; lasting: number; factor: number };
  /** Tokens that belong to one request alone. */
  prompt: Spread;
  output: Spread;
  /** Prompt prefixes that a share of the requests start with: `count` different ones. */
  prefixes: { count: number; tokens: number; share: number };
  /** Share of requests that fail in the engine (HTTP 500). */
  errors: number;
  /** Share of requests that are rejected as invalid (HTTP 400). */
  invalid: number;
  /** Share of requests whose client disconnects in the middle of the answer. */
  disconnects: number;
  /** Share of requests that ask for two answers (`n`). */
  twoAnswers: number;
  /** Share of requests with an image. */
  images: number;
  /** Clients without an answer disconnect after this time. */
  patience: number;
}

/** An action on a server. */
export type ServerAction =
  /** Dead: connections are refused, and all requests are lost. */
  | { do: "kill" }
  /** Alive again, with nothing counted yet. */
  | { do: "start" }
  /** Dead for this long, as in a deployment or after a crash. */
  | { do: "restart"; seconds: number }
  /** All engines, or the one with this rank, stop making steps; their gauges stay as they are. */
  | { do: "hang"; rank?: number }
  /** The engines keep running but admit no requests: the KV cache drains while requests wait. */
  | { do: "jam" }
  /** The end of `hang` and `jam`. */
  | { do: "resume" }
  /** All clients disconnect at once. No step follows, so gauges keep their values until the next request. */
  | { do: "abandon" }
  /** The server sleeps once all requests are answered. Clients send no requests from now on. */
  | { do: "sleep"; level: 1 | 2 }
  | { do: "wake" }
  /** Multiplies the workload's rate. */
  | { do: "load"; factor: number }
  /** This share of the requests fails. */
  | { do: "errors"; share: number }
  /** The metrics page answers after this many real seconds; 0 is at once. */
  | { do: "answerSlowly"; seconds: number }
  /** The metrics page returns 404, until `show`. */
  | { do: "hide" }
  | { do: "show" };

/** A change at a given time: once, or repeated every `every` seconds. */
export type Scheduled = ServerAction & { at: number; every?: number };
