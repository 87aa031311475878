/** What all KV connectors of an engine have in common. */
import type { Metric, perEngine } from "../../../vllm/metric.ts";
import type { SimulatedClock } from "../journal.ts";
import type { Instrument, Meter } from "../meter.ts";
import type { Random } from "../random.ts";
import type { EngineSpec } from "../serverSpec.ts";

/** KV blocks on their way from or to an engine. */
export interface Cargo {
  tokens: number;
  blocks: number;
  bytes: number;
}

/** A load that has begun: how many seconds it takes, and whether it fails. */
export interface KvLoad {
  seconds: number;
  fails: boolean;
}

/** A running connector. */
export interface Connector {
  /** Starts loading blocks into the engine. */
  load(cargo: Cargo): KvLoad;
  /** Starts storing the blocks of a finished request, for later requests. */
  store(cargo: Cargo): void;
  /** At the end of a step: counts the jobs that ended since the last step, and shows those in progress. */
  settle(): void;
}

/** A connector as vLLM offers it. */
export interface ConnectorKind {
  /** In vLLM's order. */
  families(spec: EngineSpec): readonly Metric[];
  /** Where its blocks come from, in the terms of `prompt_tokens_cached_by_source`. */
  source: "host" | "p2p" | "disk" | "external_unspecified";
  connect(parts: ConnectorParts): Connector;
}

export interface ConnectorParts {
  meter: Meter;
  /** The engine's labels. */
  labels: { model_name: string; engine: string };
  /** The engine's series of a metric that has no other labels. */
  one: (metric: Metric<"counter" | "gauge" | "histogram", typeof perEngine>) => Instrument;
  clock: SimulatedClock;
  random: Random;
  spec: EngineSpec;
}

/** Jobs that take time and are counted when they end. */
export class Jobs<K extends string> {
  readonly #clock: SimulatedClock;
  #jobs: { kind: K; size: number; endsAt: number; end: () => void }[] = [];

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  start(kind: K, size: number, seconds: number, end: () => void): void {
    this.#jobs.push({ kind, size, endsAt: this.#clock.now + seconds, end });
  }

  /** Ends the jobs that are due, in the order in which they started. */
  settle(): void {
    const { now } = this.#clock;
    const due = this.#jobs.filter(({ endsAt }) => endsAt <= now);
    this.#jobs = this.#jobs.filter(({ endsAt }) => endsAt > now);
    for (const { end } of due) end();
  }

  count(kind: K): number {
    return this.#jobs.filter((job) => job.kind === kind).length;
  }

  /** The total size of the jobs in progress. */
  size(kind: K): number {
    return this.#jobs.reduce((sum, job) => sum + (job.kind === kind ? job.size : 0), 0);
  }
}

/** Seconds to transfer bytes over a link: a start-up time plus bytes at the link's speed, with some noise. */
export function transferSeconds(
  { random, spec }: ConnectorParts,
  bytes: number,
  bytesPerSecond: number,
): number {
  const seconds = START + bytes / (spec.transferSpeed * bytesPerSecond);
  return seconds * random.logNormal({ median: 1, spread: 0.35 });
}

const START = 0.003;

/** For a model with 8 billion parameters. */
export const KV_BYTES_PER_TOKEN = 131_072;
