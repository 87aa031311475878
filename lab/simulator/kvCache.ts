/** The KV cache of an engine: blocks that requests hold, and prefixes that they share. */
import { metrics } from "../../vllm/catalogue/index.ts";
import type { SimulatedClock } from "./journal.ts";
import type { Instrument, Meter } from "./meter.ts";
import type { Prefix, Request } from "./request.ts";

export class KvCache {
  readonly blockSize: number;
  readonly #blocks: number;
  readonly #clock: SimulatedClock;
  readonly #residency: Residency | undefined;
  readonly #prefixes: Prefix[];
  #used = 0;
  /** Blocks handed out since the start. Idle blocks are reused in the order in which they became idle. */
  #handedOut = 0;
  /** Idle blocks of finished requests, one per request, for the residency metrics. */
  #idle: { since: number; usedAt: number; evictedAt: number }[] = [];

  constructor(
    { blocks, blockSize }: { blocks: number; blockSize: number },
    prefixes: { count: number; tokens: number },
    clock: SimulatedClock,
    residency: Residency | undefined,
  ) {
    this.#blocks = blocks;
    this.blockSize = blockSize;
    this.#clock = clock;
    this.#residency = residency;
    const prefixBlocks = Math.floor(prefixes.tokens / blockSize);
    this.#prefixes = Array.from({ length: prefixes.count }, () => ({
      tokens: prefixBlocks * blockSize,
      blocks: prefixBlocks,
      cached: false,
      users: 0,
      cachedSince: 0,
      usedAt: 0,
      evictedAt: 0,
    }));
  }

  /** Share of blocks that requests hold, 0 to 1. */
  get usage(): number {
    return this.#used / this.#blocks;
  }

  prefix(index: number): Prefix | undefined {
    return this.#prefixes[index];
  }

  /** Takes the prefix from the cache if it is there; returns how long it was not used. */
  reusePrefix(request: Request): number | undefined {
    const { prefix } = request;
    if (!prefix?.cached || prefix.tokens >= request.promptTokens) return undefined;
    if (prefix.users === 0 && !this.#take(prefix.blocks)) return undefined;
    const gap = this.#clock.now - prefix.usedAt;
    prefix.users += 1;
    prefix.usedAt = this.#clock.now;
    request.sharesPrefix = true;
    request.computed = prefix.tokens;
    return gap;
  }

  recordReuse(gap: number): void {
    this.#residency?.reuseGap.observe(gap);
  }

  /** Makes room for tokens up to `total`; false if there is too little. */
  grow(request: Request, total: number): boolean {
    const shared = request.sharesPrefix ? (request.prefix?.blocks ?? 0) : 0;
    const more = Math.ceil(total / this.blockSize) - shared - request.blocks;
    if (more <= 0) return true;
    if (!this.#take(more)) return false;
    if (request.blocks === 0) request.blocksSince = this.#clock.now;
    request.blocks += more;
    return true;
  }

  /** Once a prompt is computed, others can share its beginning. */
  publishPrefix(request: Request): void {
    const { prefix } = request;
    if (!prefix || prefix.cached || request.sharesPrefix || request.blocks < prefix.blocks) return;
    request.blocks -= prefix.blocks;
    request.sharesPrefix = true;
    prefix.cached = true;
    prefix.users = 1;
    prefix.cachedSince = prefix.usedAt = this.#clock.now;
  }

  /** Frees all blocks of a request. */
  release(request: Request): void {
    const { prefix } = request;
    this.#used -= request.blocks;
    if (this.#residency && request.blocks > 0 && this.#idle.length < MOST_IDLE) {
      const { now } = this.#clock;
      this.#idle.push({ since: request.blocksSince, usedAt: now, evictedAt: this.#eviction() });
    }
    if (prefix && request.sharesPrefix && --prefix.users === 0) {
      this.#used -= prefix.blocks;
      prefix.usedAt = this.#clock.now;
      prefix.evictedAt = this.#eviction();
    }
    request.blocks = 0;
    request.sharesPrefix = false;
    request.computed = 0;
  }

  /** Evicts idle blocks that were allocated again. */
  evict(): void {
    for (const prefix of this.#prefixes) {
      if (!prefix.cached || prefix.users > 0 || prefix.evictedAt > this.#handedOut) continue;
      prefix.cached = false;
      this.#residency?.evicted(prefix.cachedSince, prefix.usedAt, this.#clock.now);
    }
    while (this.#idle[0] && this.#idle[0].evictedAt <= this.#handedOut) {
      const { since, usedAt } = this.#idle[0];
      this.#residency?.evicted(since, usedAt, this.#clock.now);
      this.#idle.shift();
    }
  }

  /** Empties the cache, as before sleeping. */
  clear(): void {
    for (const prefix of this.#prefixes) prefix.cached = false;
    this.#idle = [];
  }

  #take(blocks: number): boolean {
    if (this.#used + blocks > this.#blocks) return false;
    this.#used += blocks;
    this.#handedOut += blocks;
    return true;
  }

  /** Free blocks are handed out oldest first, so these are reused after all that are free now. */
  #eviction(): number {
    return this.#handedOut + this.#blocks - this.#used;
  }
}

/** The metrics of `--kv-cache-metrics`. */
export class Residency {
  readonly #lifetime: Instrument;
  readonly #idle: Instrument;
  readonly reuseGap: Instrument;

  constructor(meter: Meter, labels: { model_name: string; engine: string }) {
    this.#lifetime = meter.series(metrics.kvBlockLifetime, labels);
    this.#idle = meter.series(metrics.kvBlockIdleBeforeEviction, labels);
    this.reuseGap = meter.series(metrics.kvBlockReuseGap, labels);
  }

  evicted(since: number, usedAt: number, now: number): void {
    this.#lifetime.observe(now - since);
    this.#idle.observe(now - usedAt);
  }
}

const MOST_IDLE = 1000;
