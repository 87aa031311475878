/** What a fake server is made of. Times are in seconds, and always since the fleet's start. */
import type { CustomBuckets } from "../../vllm/buckets.ts";
import type { Version } from "../../vllm/metric.ts";
import type { Extra } from "./extras.ts";
import type { Spread } from "./random.ts";

/** One vLLM server. */
export interface ServerSpec {
  /** Unlike that of any other server of the fleet. */
  name: string;
  /** The `model_name`. */
  model: string;
  version: Version;
  /** Data-parallel engines, each with all of `engine`. */
  engines: number;
  /** `--api-server-count`: above 1 there are no `_created` series and nothing about the process. */
  apiServers: number;
  engine: EngineSpec;
  workload: Workload;
  customBuckets: CustomBuckets;
  /** `--max-num-queued-reqs`: more requests than these, running or waiting, are refused. */
  maxQueued: number;
  /** What few have. */
  extras: readonly Extra[];
  /** Changes during its life, in any order. */
  changes: readonly Scheduled[];
}

export interface EngineSpec {
  /** `--max-model-len`: where the length histograms end. */
  maxModelLen: number;
  /** Tokens of a KV block, and how many blocks there are. */
  blockSize: number;
  blocks: number;
  /** `--max-num-seqs` and `--max-num-batched-tokens`. */
  maxRunning: number;
  tokenBudget: number;
  /** How long a step takes: by itself, per request that decodes, per token of prefill. */
  step: { base: number; perRequest: number; perPrefillToken: number };
  /** Draft tokens per step, and the chance that one is accepted after all before it were. */
  speculative: { tokens: number; acceptance: number } | undefined;
  /** Adapters, which requests use alike. */
  lora: readonly string[];
  /** `--kv-cache-metrics`. */
  kvCacheMetrics: boolean;
  /** Probability that an external cache has blocks that the local cache lacks. */
  externalHits: number;
  /** Who brings it, and keeps what others may want; without any it is there at once. */
  connectors: readonly ConnectorName[];
  /** Share of the connectors' transfers that fail. */
  transferFailures: number;
  /** How fast their links are, as a share of what is usual. */
  transferSpeed: number;
  /** An embedding model: a request is answered once its prompt is read, without a token. */
  pooling: boolean;
  /** `--enable-mfu-metrics`, for a model with so many parameters; 0 is without. */
  parameters: number;
}

/** A KV connector; `connectors/` has the kinds. */
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
  /** The rate swells and ebbs by `share` of itself within each `period`; above 1 it is 0 for a while. */
  swell: { share: number; period: number };
  /** `factor` times the rate during the first `lasting` seconds of each `every`. */
  bursts: { every: number; lasting: number; factor: number };
  /** Tokens that are a request's own. */
  prompt: Spread;
  output: Spread;
  /** Tokens that a share of the requests have in common: `count` different beginnings. */
  prefixes: { count: number; tokens: number; share: number };
  /** Share of requests that fail in the engine (HTTP 500). */
  errors: number;
  /** Share of requests that are refused as wrong (HTTP 400). */
  invalid: number;
  /** Share of requests whose client goes away in the middle of the answer. */
  disconnects: number;
  /** Share of requests that ask for two answers (`n`). */
  twoAnswers: number;
  /** Share of requests with an image. */
  images: number;
  /** Clients without an answer go away after this time. */
  patience: number;
}

/** What can be done to a server. */
export type ServerAction =
  /** Dead: connections are refused, and all requests are lost. */
  | { do: "kill" }
  /** Alive again, with nothing counted yet. */
  | { do: "start" }
  /** Dead for so long, as in a deployment or after a crash. */
  | { do: "restart"; seconds: number }
  /** The engines, or the one of this rank, make no step; their gauges stay as they are. */
  | { do: "hang"; rank?: number }
  /** The engines go on, but let no request in: the KV cache gets empty while requests wait. */
  | { do: "jam" }
  /** The end of `hang` and `jam`. */
  | { do: "resume" }
  /** All clients go away at once. No step follows, so gauges stay until the next request. */
  | { do: "abandon" }
  /** To sleep once all is answered. From now on no client asks. */
  | { do: "sleep"; level: 1 | 2 }
  | { do: "wake" }
  /** So many times the workload's rate. */
  | { do: "load"; factor: number }
  /** This share of the requests fails. */
  | { do: "errors"; share: number }
  /** The metrics page answers after so many real seconds; 0 is at once. */
  | { do: "answerSlowly"; seconds: number }
  /** The metrics page is not found; `show` is the end of it. */
  | { do: "hide" }
  | { do: "show" };

/** A change at a time, once, or again `every` so often. */
export type Scheduled = ServerAction & { at: number; every?: number };
