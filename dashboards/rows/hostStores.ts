import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../feature.ts";
import { lines, OFF, percentileLines, table } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";
import { BLOCKS } from "../units.ts";

const half = { width: 12, empty: OFF };
const third = { width: 8, empty: OFF };

/** The simple offload to CPU memory or a disk. */
export function simpleOffload({ q, now }: Queries): FeatureRow {
  const config = [
    "instance",
    "engine",
    "backend",
    "capacity_blocks",
    "page_cache",
    "lazy_offload",
  ] as const;
  return featureRow({
    name: "simple_offload",
    title: "Simple offload (SimpleCPUOffloadConnector)",
    presence: now.group(metrics.simpleOffloadUsedBlocks),
    panels: [
      lines({
        ...third,
        title: "Stores by outcome",
        question: "What becomes of the blocks that could be stored?",
        advice: "dropped_cpu_full: make the pool larger.",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: q.rate(metrics.simpleOffloadSaveOutcomes, { by: ["outcome"] }),
            legend: "{{outcome}}",
          },
        ],
      }),
      lines({
        ...third,
        title: "Blocks restored",
        question: "How many blocks come back from the pool per second? Each is prefill saved.",
        advice: "None: nothing that was stored is used again.",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: q.rate(metrics.simpleOffloadLoadedBlocks, { by: ["instance"] }),
            legend: "{{instance}}",
          },
        ],
      }),
      lines({
        ...third,
        title: "Blocks pinned and pending",
        question:
          "How many blocks of the pool are held by transfers, and how many stores are pending?",
        advice: "Pending that only grows: a transfer is stuck; restart the engine.",
        unit: BLOCKS,
        queries: [
          { expr: q.sum(metrics.simpleOffloadUsedBlocks), legend: "Pinned" },
          { expr: q.sum(metrics.simpleOffloadPendingBlocks), legend: "Pending stores" },
        ],
      }),
      table({
        title: "Simple offload configuration",
        question: "Where and how large is the pool of each engine?",
        advice: "Engines that differ save different amounts of work.",
        height: 5,
        empty: OFF,
        labels: [
          { label: "instance", title: "Instance" },
          { label: "engine", title: "Engine" },
          { label: "backend", title: "Backend" },
          { label: "capacity_blocks", title: "Capacity, blocks" },
          { label: "page_cache", title: "Page cache" },
          { label: "lazy_offload", title: "Lazy" },
        ],
        columns: [
          {
            title: "Pools",
            unit: units.Short,
            expr: now.count(metrics.simpleOffloadConfig, { by: config }),
          },
        ],
      }),
    ],
  });
}

/** KV blocks in the 3FS file system. */
export function hf3fs({ q, now, bounds }: Queries): FeatureRow {
  return featureRow({
    name: "hf3fs",
    title: "3FS connector",
    presence: now.observations(metrics.hf3fsLoadTime),
    panels: [
      percentileLines({
        ...third,
        title: "3FS load time",
        question: "How long does loading blocks from 3FS take?",
        advice: "Longer than computing them: the file system is overloaded.",
        unit: units.Seconds,
        buckets: bounds(metrics.hf3fsLoadTime),
        queries: percentiles(q, metrics.hf3fsLoadTime),
      }),
      percentileLines({
        ...third,
        title: "3FS save time",
        question: "How long does saving blocks to 3FS take?",
        advice: "Rising: the file system is nearly full or overloaded.",
        unit: units.Seconds,
        buckets: bounds(metrics.hf3fsSaveTime),
        queries: percentiles(q, metrics.hf3fsSaveTime),
      }),
      lines({
        ...third,
        title: "3FS failures",
        question: "Which loads and saves fail?",
        advice: "See the server's log and the state of 3FS.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.hf3fsFailedLoads), legend: "Loads" },
          { expr: q.rate(metrics.hf3fsFailedSaves), legend: "Saves" },
        ],
      }),
    ],
  });
}

/** Sparse attention over KV blocks on the host. */
export function hiSparse({ q, now }: Queries): FeatureRow {
  return featureRow({
    name: "hisparse",
    title: "HiSparse",
    presence: now.group(metrics.hiSparseHostUsage),
    panels: [
      lines({
        ...third,
        title: "Hot-buffer hit rate",
        question: "What share of the accesses finds its page on the GPU already?",
        advice: "Low: the hot buffer is too small for the contexts in use.",
        unit: units.PercentUnit,
        max: 1,
        queries: [
          {
            expr: ratio(
              q.rate(metrics.hiSparseHits),
              math`${q.rate(metrics.hiSparseHits)} + ${q.rate(metrics.hiSparseMisses)}`,
            ),
            legend: "Hits",
          },
        ],
      }),
      lines({
        ...third,
        title: "Host to device traffic",
        question: "How many bytes come up from the host per second?",
        advice: "At PCIe's limit: a larger hot buffer.",
        unit: units.BytesPerSecondSI,
        queries: [
          {
            expr: q.rate(metrics.hiSparseLoadedBytes, { by: ["instance"] }),
            legend: "{{instance}}",
          },
        ],
      }),
      lines({
        ...third,
        title: "Host cache usage",
        question: "How full is the fullest KV cache on a host?",
        advice: "Full: blocks are evicted there, too; see their residency.",
        unit: units.PercentUnit,
        max: 1,
        queries: [{ expr: q.max(metrics.hiSparseHostUsage), legend: "Fullest" }],
      }),
      lines({
        ...half,
        title: "Page transfers under way",
        question: "How many pages are on their way between host and GPU?",
        advice: "Ever more: one is stuck, or the link is too slow.",
        unit: units.Short,
        queries: [{ expr: q.sum(metrics.hiSparsePendingTransfers), legend: "Transfers" }],
      }),
      lines({
        ...half,
        title: "Residency on the host",
        question:
          "How long do host blocks live, how long are they idle when evicted, and how far apart are two uses? Medians.",
        advice: "Evicted sooner than used again: the host's cache is too small.",
        unit: units.Seconds,
        queries: [
          { expr: q.quantile(0.5, metrics.hiSparseBlockLifetime), legend: "Lifetime" },
          { expr: q.quantile(0.5, metrics.hiSparseBlockIdleBeforeEviction), legend: "Idle" },
          { expr: q.quantile(0.5, metrics.hiSparseBlockReuseGap), legend: "Gap" },
        ],
      }),
    ],
  });
}

/** The UMBP store. */
export function umbp({ q, now }: Queries): FeatureRow {
  const by = ["operation"] as const;
  return featureRow({
    name: "umbp",
    title: "UMBP store",
    presence: now.rate(metrics.umbpSubmitted),
    panels: [
      lines({
        ...half,
        title: "UMBP objects",
        question: "How many objects are handed over, done, and failed per second?",
        advice: "Fewer done than handed over: the store is slow. Failed: see its log.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.umbpSubmitted, { by }), legend: "{{operation}}, submitted" },
          { expr: q.rate(metrics.umbpCompleted, { by }), legend: "{{operation}}, completed" },
          { expr: q.rate(metrics.umbpFailed, { by }), legend: "{{operation}}, failed" },
        ],
      }),
      lines({
        ...half,
        title: "UMBP traffic",
        question: "How many bytes does it move per second?",
        advice: "Much stored, little loaded: nothing is used again.",
        unit: units.BytesPerSecondSI,
        queries: [{ expr: q.rate(metrics.umbpBytes, { by }), legend: "{{operation}}" }],
      }),
    ],
  });
}
