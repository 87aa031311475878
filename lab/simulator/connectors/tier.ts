/** A file-system tier below the host: chunks cascade down to it and are promoted from it. */
import { metrics } from "../../../vllm/catalogue/index.ts";
import type { Metric } from "../../../vllm/metric.ts";
import type { Instrument } from "../meter.ts";
import { Jobs, transferSeconds, type ConnectorParts, type KvLoad } from "./connector.ts";

type PerTier = typeof metrics.tieringReadBytes.labels;

export class Tier {
  readonly #parts: ConnectorParts;
  readonly #hostChunks: number;
  readonly #jobs: Jobs<"promotion" | "cascade">;
  /** Seconds per MiB of a store, as an exponential moving average. */
  #latency = 0;

  constructor(parts: ConnectorParts, hostChunks: number) {
    this.#parts = parts;
    this.#hostChunks = hostChunks;
    this.#jobs = new Jobs(parts.clock);
  }

  /** Looks for chunks on the host, then in the tier below, from which they must first be promoted. */
  find(chunks: number, bytes: number): KvLoad {
    const { one, random, spec } = this.#parts;
    if (this.#look(HOST, chunks, ON_THE_HOST)) return { seconds: 0, fails: false };
    const found = this.#look(FILES, chunks, IN_FILES);
    const wait = random.logNormal({ median: 0.004, spread: 0.5 });
    this.#of(metrics.tieringLookupWait).observe(wait);
    if (!found) return { seconds: wait, fails: true };
    if (random.chance(spec.transferFailures)) {
      one(metrics.tieringPromotionAllocationFailures).add();
      return { seconds: wait, fails: true };
    }
    const seconds = transferSeconds(this.#parts, bytes, DISK);
    const fails = random.chance(spec.transferFailures);
    this.#jobs.start("promotion", chunks, seconds, () => {
      const result = fails ? "failure" : "success";
      const latency = this.#parts.meter.series(metrics.tieringPromotionLatency, {
        ...this.#labels(FILES),
        result,
      });
      latency.observe(seconds);
      if (fails) {
        this.#of(metrics.tieringPromotionFailures).add();
      } else {
        this.#of(metrics.tieringReadBytes).add(bytes);
        this.#of(metrics.tieringReadTime).add(seconds);
      }
    });
    return { seconds: wait + seconds, fails };
  }

  /** Writes what was stored on the host to this tier, unless the tier cannot keep up. */
  cascade(blocks: number, chunks: number, bytes: number): void {
    const { random, spec } = this.#parts;
    if (this.#jobs.count("cascade") >= MOST_CASCADES) {
      this.#of(metrics.tieringStoresDropped).add();
      this.#of(metrics.tieringBlocksDropped).add(blocks);
      return;
    }
    const seconds = transferSeconds(this.#parts, bytes, DISK);
    const fails = random.chance(spec.transferFailures);
    this.#jobs.start("cascade", chunks, seconds, () => {
      if (fails) {
        this.#of(metrics.tieringCascadeFailures).add();
        return;
      }
      this.#of(metrics.tieringWriteBytes).add(bytes);
      this.#of(metrics.tieringWriteTime).add(seconds);
      this.#latency = 0.8 * this.#latency + (0.2 * seconds) / (bytes / 2 ** 20);
      this.#of(metrics.tieringStoreLatency).set(this.#latency);
    });
  }

  settle(): void {
    this.#jobs.settle();
    this.#of(metrics.tieringActivePromotions).set(this.#jobs.count("promotion"));
    this.#of(metrics.tieringActiveCascades).set(this.#jobs.count("cascade"));
    const held = (kind: "promotion" | "cascade") => this.#jobs.size(kind) / this.#hostChunks;
    this.#of(metrics.tieringPrimaryWriteUsage).set(held("promotion"));
    this.#of(metrics.tieringPrimaryReadUsage).set(held("cascade"));
  }

  /** Whether a tier has the chunks. */
  #look(tier: string, chunks: number, chance: number): boolean {
    const { meter, random } = this.#parts;
    const labels = this.#labels(tier);
    const found = random.chance(chance);
    const time = random.logNormal({ median: 3e-5, spread: 0.9 });
    meter.series(metrics.tieringLookupTime, labels).observe(time);
    meter.series(metrics.tieringChunkQueries, labels).add(chunks);
    meter.series(metrics.tieringChunkHits, labels).add(found ? chunks : 0);
    return found;
  }

  #of(metric: Metric<"counter" | "gauge" | "histogram", PerTier>): Instrument {
    return this.#parts.meter.series(metric, this.#labels(FILES));
  }

  #labels(tier: string) {
    return { ...this.#parts.labels, tier };
  }
}

export const TIER_FAMILIES = [
  metrics.tieringLookupTime,
  metrics.tieringLookupWait,
  metrics.tieringReadBytes,
  metrics.tieringReadTime,
  metrics.tieringWriteBytes,
  metrics.tieringWriteTime,
  metrics.tieringPromotionFailures,
  metrics.tieringCascadeFailures,
  metrics.tieringChunkQueries,
  metrics.tieringChunkHits,
  metrics.tieringPrimaryWriteUsage,
  metrics.tieringPrimaryReadUsage,
  metrics.tieringPromotionAllocationFailures,
  metrics.tieringActivePromotions,
  metrics.tieringActiveCascades,
  metrics.tieringPromotionLatency,
  metrics.tieringStoreLatency,
  metrics.tieringStoresDropped,
  metrics.tieringBlocksDropped,
];

/** Labels of the host and of the tier below it. */
const HOST = "0:primary";
const FILES = "1:fs";

/** Chance that stored chunks are still there. */
const ON_THE_HOST = 0.5;
const IN_FILES = 0.8;

/** Cascades at a time; further stores are dropped. */
const MOST_CASCADES = 3;

/** Bytes per second. */
const DISK = 2e9;
