import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, tablePanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { BLOCKS } from "../units.ts";

const third = { width: 8, empty: OFF };

/** The simple offload to CPU memory or a disk. */
export function simpleOffloadRow({ q, now }: Queries): FeatureRow {
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
      timeSeriesPanel({
        ...third,
        title: "Stores by outcome",
        question: "What happens to the blocks that could be stored?",
        advice: "dropped_cpu_full: enlarge the pool.",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: q.rate(metrics.simpleOffloadSaveOutcomes, { by: ["outcome"] }),
            legend: "{{outcome}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Blocks restored",
        question: "How many blocks are restored from the pool per second? Each saves prefill.",
        advice: "Zero: stored blocks are not reused.",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: q.rate(metrics.simpleOffloadLoadedBlocks, { by: ["instance"] }),
            legend: "{{instance}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Blocks pinned and pending",
        question:
          "How many of the pool's blocks do transfers hold, and how many stores are pending?",
        advice: "Pending stores only grow: a transfer is stuck; restart the engine.",
        unit: BLOCKS,
        queries: [
          { expr: q.sum(metrics.simpleOffloadUsedBlocks), legend: "Pinned" },
          { expr: q.sum(metrics.simpleOffloadPendingBlocks), legend: "Pending stores" },
        ],
      }),
      tablePanel({
        title: "Simple offload configuration",
        question: "Where and how large is the pool of each engine?",
        advice: "If engines differ, they save different amounts of work.",
        height: 5,
        empty: OFF,
        labels: [
          { label: "instance", title: "Instance", width: 170 },
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
