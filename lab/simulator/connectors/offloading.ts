/** The OffloadingConnector: blocks on the host, and in the tiers below it. */
import { metrics } from "../../../vllm/catalogue/index.ts";
import type { Metric } from "../../../vllm/metric.ts";
import type { Random } from "../random.ts";
import {
  Jobs,
  KV_BYTES_PER_TOKEN,
  transferSeconds,
  type Connector,
  type ConnectorKind,
  type ConnectorParts,
  type KvLoad,
} from "./connector.ts";
import { Tier, TIER_FAMILIES } from "./tier.ts";

export const offloadingConnector: ConnectorKind = {
  source: "host",
  families: () => FAMILIES,
  connect: (parts) => connect(parts, undefined),
};

/** The OffloadingConnector with a file system below the host. */
export const tieredOffloadingConnector: ConnectorKind = {
  source: "disk",
  families: () => [...FAMILIES, ...TIER_FAMILIES],
  connect: (parts) => connect(parts, new Tier(parts, HOST_CHUNKS)),
};

function connect(parts: ConnectorParts, tier: Tier | undefined): Connector {
  const { meter, labels, one, clock, random, spec } = parts;
  showConfig(parts, tier);
  const jobs = new Jobs<"load" | "store">(clock);
  const pinned = {
    all: one(metrics.offloadCpuUsage),
    stores: one(metrics.offloadCpuWriteUsage),
    loads: one(metrics.offloadCpuReadUsage),
  };
  // The former names exist from the start, the others once there is something to count.
  const moved = (transfer_type: "CPU_to_GPU" | "GPU_to_CPU") => ({
    bytes: meter.series(metrics.offloadBytes, { ...labels, transfer_type }),
    time: meter.series(metrics.offloadTime, { ...labels, transfer_type }),
    size: meter.series(metrics.offloadSize, { ...labels, transfer_type }),
  });
  const [loaded, stored] = [moved("CPU_to_GPU"), moved("GPU_to_CPU")];
  const count = ({ bytes, time, size }: typeof loaded, amount: number, seconds: number) => {
    bytes.add(amount);
    time.add(seconds);
    size.observe(amount);
  };
  return {
    load({ blocks, bytes }) {
      const chunks = Math.ceil(blocks / BLOCKS_PER_CHUNK);
      one(metrics.offloadLookupTime).observe(random.logNormal({ median: 2e-4, spread: 0.8 }));
      const wait = tier?.find(chunks, bytes) ?? untilStored(random);
      if (wait.seconds > 0) one(metrics.offloadLookupWait).observe(wait.seconds);
      if (wait.fails) return wait;
      const seconds = transferSeconds(parts, bytes, BUS);
      jobs.start("load", chunks, wait.seconds + seconds, () => {
        count(loaded, bytes, seconds);
        one(metrics.offloadLoadBytes).add(bytes);
        one(metrics.offloadLoadTime).add(seconds);
        one(metrics.offloadLoadSize).observe(bytes);
      });
      return { seconds: wait.seconds + seconds, fails: false };
    },
    store({ blocks, bytes }) {
      if (random.chance(SELDOM_USED)) {
        one(metrics.offloadStoresSkipped).add();
        return;
      }
      const chunks = Math.ceil(blocks / BLOCKS_PER_CHUNK);
      one(metrics.offloadCpuAllocationSize).observe(chunks);
      if (random.chance(spec.transferFailures)) {
        one(metrics.offloadAllocationFailures).add();
        return;
      }
      const seconds = transferSeconds(parts, bytes, BUS);
      jobs.start("store", chunks, seconds, () => {
        count(stored, bytes, seconds);
        one(metrics.offloadStoreBytes).add(bytes);
        one(metrics.offloadStoreTime).add(seconds);
        one(metrics.offloadStoreSize).observe(bytes);
        tier?.cascade(blocks, chunks, bytes);
      });
    },
    settle() {
      jobs.settle();
      tier?.settle();
      const [loads, stores] = [jobs.size("load"), jobs.size("store")];
      pinned.all.set((loads + stores) / HOST_CHUNKS);
      pinned.stores.set(stores / HOST_CHUNKS);
      pinned.loads.set(loads / HOST_CHUNKS);
    },
  };
}

function showConfig({ meter, labels, spec }: ConnectorParts, tier: Tier | undefined): void {
  const tokens = HOST_CHUNKS * BLOCKS_PER_CHUNK * spec.blockSize;
  // Its labels depend on the kind of offloading.
  const info: Metric<"info"> = metrics.offloadConfig;
  const series = meter.series(info, {
    ...labels,
    cpu_num_chunks: `${HOST_CHUNKS}`,
    cpu_blocks_per_chunk: `${BLOCKS_PER_CHUNK}`,
    cpu_kv_cache_size_tokens: `${tokens}`,
    cpu_kv_cache_size_bytes: `${tokens * KV_BYTES_PER_TOKEN}`,
    ...(tier && { tier: "0:primary" }),
  });
  series.set(1);
}

/** Sometimes the requested blocks are still on their way to the host. */
function untilStored(random: Random): KvLoad {
  return { seconds: random.chance(0.2) ? random.exponential(1 / 0.02) : 0, fails: false };
}

const FAMILIES = [
  metrics.offloadBytes,
  metrics.offloadTime,
  metrics.offloadSize,
  metrics.offloadCpuUsage,
  metrics.offloadCpuWriteUsage,
  metrics.offloadCpuReadUsage,
  metrics.offloadCpuAllocationSize,
  metrics.offloadStoresSkipped,
  metrics.offloadLoadBytes,
  metrics.offloadLoadTime,
  metrics.offloadLoadSize,
  metrics.offloadStoreBytes,
  metrics.offloadStoreTime,
  metrics.offloadStoreSize,
  metrics.offloadLookupTime,
  metrics.offloadLookupWait,
  metrics.offloadAllocationFailures,
  metrics.offloadConfig,
];

const HOST_CHUNKS = 2048;
const BLOCKS_PER_CHUNK = 4;

/** Share of stores that `store_threshold` holds back. */
const SELDOM_USED = 0.2;

/** Bytes per second. */
const BUS = 2e10;
