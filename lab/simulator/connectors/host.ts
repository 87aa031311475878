/** Connectors that keep blocks on the host: the simple offload and HiSparse. */
import { metrics } from "../../../vllm/catalogue/index.ts";
import { Jobs, transferSeconds, type ConnectorKind } from "./connector.ts";

export const simpleOffloadConnector: ConnectorKind = {
  source: "host",
  families: () => [
    metrics.simpleOffloadSaveOutcomes,
    metrics.simpleOffloadLoadedBlocks,
    metrics.simpleOffloadUsedBlocks,
    metrics.simpleOffloadPendingBlocks,
    metrics.simpleOffloadConfig,
  ],
  connect(parts) {
    const { meter, labels, one, clock, random, spec } = parts;
    const jobs = new Jobs<"load" | "store">(clock);
    const loaded = one(metrics.simpleOffloadLoadedBlocks);
    const used = one(metrics.simpleOffloadUsedBlocks);
    const pending = one(metrics.simpleOffloadPendingBlocks);
    const config = meter.series(metrics.simpleOffloadConfig, {
      ...labels,
      backend: "cpu",
      page_cache: "false",
      lazy_offload: "false",
      capacity_blocks: `${4 * spec.blocks}`,
    });
    config.set(1);
    type Outcome = (typeof metrics.simpleOffloadSaveOutcomes.labels.outcome)[number];
    const decided = (outcome: Outcome) => {
      meter.series(metrics.simpleOffloadSaveOutcomes, { ...labels, outcome }).add();
    };
    return {
      load({ blocks, bytes }) {
        const seconds = transferSeconds(parts, bytes, BUS);
        jobs.start("load", blocks, seconds, () => {
          loaded.add(blocks);
        });
        return { seconds, fails: false };
      },
      store({ blocks, bytes }) {
        if (random.chance(spec.transferFailures)) {
          decided("dropped_cpu_full");
        } else if (random.chance(0.2)) {
          decided("skipped_already_cached");
        } else {
          decided("stored");
          jobs.start("store", blocks, transferSeconds(parts, bytes, BUS), () => undefined);
        }
      },
      settle() {
        jobs.settle();
        used.set(jobs.size("load") + jobs.size("store"));
        pending.set(jobs.size("store"));
      },
    };
  },
};

export const hiSparseConnector: ConnectorKind = {
  source: "host",
  families: ({ kvCacheMetrics }) => [
    metrics.hiSparseHits,
    metrics.hiSparseMisses,
    metrics.hiSparseLoadedBytes,
    metrics.hiSparseHostUsage,
    metrics.hiSparsePendingTransfers,
    ...(kvCacheMetrics
      ? [
          metrics.hiSparseBlockLifetime,
          metrics.hiSparseBlockIdleBeforeEviction,
          metrics.hiSparseBlockReuseGap,
        ]
      : []),
  ],
  connect(parts) {
    const { one, clock, random, spec } = parts;
    const jobs = new Jobs<"any">(clock);
    const [hits, misses] = [one(metrics.hiSparseHits), one(metrics.hiSparseMisses)];
    const bytesLoaded = one(metrics.hiSparseLoadedBytes);
    const usage = one(metrics.hiSparseHostUsage);
    const pending = one(metrics.hiSparsePendingTransfers);
    const residency = spec.kvCacheMetrics
      ? {
          lifetime: one(metrics.hiSparseBlockLifetime),
          idle: one(metrics.hiSparseBlockIdleBeforeEviction),
          gap: one(metrics.hiSparseBlockReuseGap),
        }
      : undefined;
    const evicted = () => {
      const idle = random.exponential(1 / 40);
      residency?.idle.observe(idle);
      residency?.lifetime.observe(idle + random.exponential(1 / 60));
    };
    return {
      load({ blocks, bytes }) {
        const missing = Math.ceil(blocks * random.next() * 0.3);
        const seconds = transferSeconds(parts, (bytes * missing) / blocks, BUS);
        hits.add(blocks - missing);
        misses.add(missing);
        residency?.gap.observe(random.exponential(1 / 20));
        jobs.start("any", missing, seconds, () => {
          bytesLoaded.add((bytes * missing) / blocks);
        });
        return { seconds, fails: false };
      },
      store({ blocks, bytes }) {
        jobs.start("any", blocks, transferSeconds(parts, bytes, BUS), evicted);
      },
      settle() {
        jobs.settle();
        usage.set(jobs.size("any") / (4 * spec.blocks));
        pending.set(jobs.count("any"));
      },
    };
  },
};

/** Bytes per second. */
const BUS = 2e10;
