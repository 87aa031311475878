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

/** A load that has begun: how many seconds it takes, and whether it is in vain. */
export interface KvLoad {
  seconds: number;
  fails: boolean;
}

/** A connector at work. */
export interface Connector {
  /** Begins to bring blocks to the engine. */
  load(cargo: Cargo): KvLoad;
  /** Begins to keep the blocks of a finished request, for those who may ask for them. */
  store(cargo: Cargo): void;
  /** At the end of a step: counts what has ended since the last one, and shows what is under way. */
  settle(): void;
}

/** A connector as vLLM offers it. */
export interface ConnectorKind {
  /** In vLLM's order. */
  families(spec: EngineSpec): readonly Metric[];
  /** Where its blocks come from, as `prompt_tokens_cached_by_source` says it. */
  source: "host" | "p2p" | "disk" | "external_unspecified";
  connect(parts: ConnectorParts): Connector;
}

export interface ConnectorParts {
  meter: Meter;
  /** Of the engine. */
  labels: { model_name: string; engine: string };
  /** The engine's series of a metric that has no other labels. */
  one: (metric: Metric<"counter" | "gauge" | "histogram", typeof perEngine>) => Instrument;
  clock: SimulatedClock;
  random: Random;
  spec: EngineSpec;
}

/** Work that takes time, and is counted at its end. */
export class Jobs<K extends string> {
  readonly #clock: SimulatedClock;
  #jobs: { kind: K; size: number; endsAt: number; end: () => void }[] = [];

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  start(kind: K, size: number, seconds: number, end: () => void): void {
    this.#jobs.push({ kind, size, endsAt: this.#clock.now + seconds, end });
  }

  /** Ends what is due, in the order in which it was begun. */
  settle(): void {
    const { now } = this.#clock;
    const due = this.#jobs.filter(({ endsAt }) => endsAt <= now);
    this.#jobs = this.#jobs.filter(({ endsAt }) => endsAt > now);
    for (const { end } of due) end();
  }

  count(kind: K): number {
    return this.#jobs.filter((job) => job.kind === kind).length;
  }

  /** Of all that are under way, added up. */
  size(kind: K): number {
    return this.#jobs.reduce((sum, job) => sum + (job.kind === kind ? job.size : 0), 0);
  }
}

/** Seconds for some bytes over a link: a start, and the link's speed, each time a little different. */
export function transferSeconds(
  { random, spec }: ConnectorParts,
  bytes: number,
  bytesPerSecond: number,
): number {
  const seconds = START + bytes / (spec.transferSpeed * bytesPerSecond);
  return seconds * random.logNormal({ median: 1, spread: 0.35 });
}

const START = 0.003;

/** Of a model of 8 billion parameters. */
export const KV_BYTES_PER_TOKEN = 131_072;
