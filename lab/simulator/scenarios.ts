/** Ready-made servers, each demonstrating one situation. */
import type { EngineSpec, ServerSpec, Workload } from "./serverSpec.ts";

/** What a scenario sets; the rest is as in `steady`. */
export type ServerScenario = Partial<Omit<ServerSpec, "name" | "model" | "engine" | "workload">> & {
  engine?: Partial<EngineSpec>;
  workload?: Partial<Workload>;
};

/** A server's name and model, its scenario, and any overrides of that scenario. */
export type FakeServerOptions = {
  name: string;
  model: string;
  scenario?: ScenarioName;
} & ServerScenario;

export type ScenarioName = keyof typeof scenarios;

/** By name. Times are seconds since the fleet's start. */
export const scenarios = {
  /** Half loaded, without a queue. */
  steady: {},

  /** Five times the usual request rate for 15 s of each minute, so that a queue comes and goes. */
  burst: {
    workload: { rate: 1.5, bursts: { every: 60, lasting: 15, factor: 5 } },
    engine: { maxRunning: 24 },
  },

  /** More requests than it can serve: the queue is long, and clients give up. */
  saturated: {
    workload: { rate: 7, patience: 40 },
    engine: { maxRunning: 24 },
  },

  /** A KV cache that is too small for the running requests. */
  preempting: {
    workload: { rate: 1.3, output: { median: 350, spread: 0.4 } },
    engine: { blocks: 640, maxRunning: 40, maxModelLen: 4096 },
  },

  /** Long system prompts that most requests share. */
  prefixHeavy: {
    workload: { prefixes: { count: 6, tokens: 1536, share: 0.9 }, rate: 3 },
    engine: { kvCacheMetrics: true, blocks: 2500 },
  },

  /** Like the previous one, with a cache that several instances share. */
  sharedCache: {
    workload: { prefixes: { count: 24, tokens: 1536, share: 0.9 }, rate: 2 },
    engine: { blocks: 3500, externalHits: 0.6 },
  },

  /** Like the previous one, with slow connectors that fetch blocks from other engines and from stores. */
  remoteCache: {
    version: "0.33",
    workload: { prefixes: { count: 48, tokens: 1536, share: 0.9 }, rate: 3.9 },
    engine: {
      ...{ blocks: 3500, externalHits: 0.8, transferFailures: 0.3, transferSpeed: 0.03 },
      connectors: ["nixl", "mooncake", "mooncakeStore", "hf3fs", "umbp"],
    },
  },

  /** With slow connectors that keep blocks on the host and in the tiers below it. */
  hostCache: {
    version: "0.33",
    workload: { prefixes: { count: 48, tokens: 1536, share: 0.9 }, rate: 3.9 },
    engine: {
      ...{ blocks: 3500, externalHits: 0.8, transferFailures: 0.3, transferSpeed: 0.03 },
      kvCacheMetrics: true,
      connectors: ["tieredOffloading", "simpleOffload", "hiSparse"],
    },
  },

  /** Four draft tokens per step. */
  speculative: { engine: { speculative: { tokens: 4, acceptance: 0.72 } } },

  /** Three adapters; some requests use none. */
  lora: { engine: { lora: ["lora-a", "lora-b", "lora-c"] } },

  /** Sleeps after a minute, once the last answer is given; wakes again after five. */
  sleeping: {
    changes: [
      { at: 60, do: "sleep", level: 1 },
      { at: 300, do: "wake" },
    ],
  },

  /** Hangs after a minute with a queue, gauges stuck, until it is resumed. */
  stalled: {
    workload: { rate: 7, patience: 40 },
    engine: { maxRunning: 24 },
    changes: [{ at: 60, do: "hang" }],
  },

  /** After a minute all clients disconnect and no new ones come: gauges stay as they were. */
  abandoned: {
    changes: [
      { at: 60, do: "load", factor: 0 },
      { at: 60, do: "abandon" },
    ],
  },

  /** After a minute no request is admitted any more, although the KV cache drains. */
  jammed: { changes: [{ at: 60, do: "jam" }] },

  /** One request in seven fails, and some are invalid. */
  erroring: { workload: { errors: 0.15, invalid: 0.05 } },

  /** Refuses requests beyond 40 at a time. */
  rejecting: { workload: { rate: 8 }, engine: { maxRunning: 24 }, maxQueued: 40 },

  /** Alive for a minute. */
  dead: { changes: [{ at: 60, do: "kill" }] },

  /** Crashes every two minutes and takes 20 s to come back. */
  restarting: { changes: [{ at: 60, every: 120, do: "restart", seconds: 20 }] },

  /** Gets no requests. */
  idle: { workload: { rate: 0 } },

  /** With the metric names of the V1 engine's first releases. */
  old: { version: "0.8" },

  /** Two engines behind one API server. */
  dataParallel: { engines: 2, workload: { rate: 7 } },

  /** Returns embeddings instead of generated text. */
  embedding: { engine: { pooling: true }, workload: { rate: 10 } },

  /** All features that few servers have. */
  extras: {
    extras: ["tools", "realtime", "corruption", "watermark", "weightUpdates", "diffusion"],
  },

  /** Four API servers: no process metrics, no `_created` series. */
  apiServers: { apiServers: 4 },
} satisfies Record<string, ServerScenario>;

/** Fills in everything that is left out. */
export function serverSpec({
  name,
  model,
  scenario = "steady",
  ...own
}: FakeServerOptions): ServerSpec {
  const given: ServerScenario = scenarios[scenario];
  const { engine, workload, changes = [], ...rest } = given;
  return {
    ...DEFAULTS,
    ...rest,
    ...own,
    name,
    model,
    engine: { ...DEFAULT_ENGINE, ...engine, ...own.engine },
    workload: { ...DEFAULT_WORKLOAD, ...workload, ...own.workload },
    changes: [...changes, ...(own.changes ?? [])],
  };
}

const DEFAULT_ENGINE: EngineSpec = {
  maxModelLen: 8192,
  blockSize: 16,
  blocks: 6000,
  maxRunning: 64,
  tokenBudget: 2048,
  step: { base: 0.018, perRequest: 0.0004, perPrefillToken: 0.00008 },
  speculative: undefined,
  lora: [],
  kvCacheMetrics: false,
  externalHits: 0,
  connectors: [],
  transferFailures: 0.02,
  transferSpeed: 1,
  pooling: false,
  parameters: 0,
};

const DEFAULT_WORKLOAD: Workload = {
  rate: 3.5,
  swell: { share: 0, period: 3600 },
  bursts: { every: 3600, lasting: 0, factor: 1 },
  prompt: { median: 300, spread: 0.9 },
  output: { median: 150, spread: 0.7 },
  prefixes: { count: 4, tokens: 256, share: 0.3 },
  errors: 0,
  invalid: 0.01,
  disconnects: 0.01,
  twoAnswers: 0.02,
  images: 0,
  patience: 120,
};

const DEFAULTS = {
  version: "0.32",
  engines: 1,
  apiServers: 1,
  customBuckets: {},
  maxQueued: Infinity,
  extras: [],
} as const;
