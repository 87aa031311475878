import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import {
  levels,
  timeSeriesPanel,
  OFF,
  percentileTimeSeriesPanel,
  tablePanel,
} from "../panels/index.ts";
import { percentile, type Queries } from "../queries.ts";

/** KV blocks kept on the host by the OffloadingConnector. */
export function offloadingRow({ q, now, bounds }: Queries): FeatureRow {
  const third = { width: 8, empty: OFF };
  const both = (load: string, store: string) => [
    { expr: load, legend: "Load" },
    { expr: store, legend: "Store" },
  ];
  return featureRow({
    name: "offloading",
    title: "Offloading to the host (OffloadingConnector)",
    presence: now.rate(metrics.offloadStoreBytes),
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Offload traffic",
        question: "How many bytes are stored on the host and loaded back per second?",
        advice:
          "Much stored, little loaded: stored blocks are not reused; offloading does not pay off here.",
        unit: units.BytesPerSecondSI,
        queries: both(q.rate(metrics.offloadLoadBytes), q.rate(metrics.offloadStoreBytes)),
      }),
      timeSeriesPanel({
        ...third,
        title: "Offload bandwidth",
        question: "How fast is a transfer while it is under way?",
        advice: "Well below PCIe's speed: blocks are small, or host memory is not pinned.",
        unit: units.BytesPerSecondSI,
        queries: both(
          ratio(q.rate(metrics.offloadLoadBytes), q.rate(metrics.offloadLoadTime)),
          ratio(q.rate(metrics.offloadStoreBytes), q.rate(metrics.offloadStoreTime)),
        ),
      }),
      timeSeriesPanel({
        ...third,
        title: "Offload transfer size",
        question: "How large is a transfer, on average?",
        advice: "Small transfers waste bandwidth: raise the block size of the offload.",
        unit: units.BytesIEC,
        queries: both(q.mean(metrics.offloadLoadSize), q.mean(metrics.offloadStoreSize)),
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Offload lookups",
        question:
          "How long does it take to find out whether the host has a block: the call itself, and the wait for a deferred answer? The histogram buckets of waits are ten times as long as those of calls.",
        advice:
          "Calls of milliseconds hold up the scheduler: the index is too large, or the tier is slow.",
        unit: units.Seconds,
        buckets: bounds(metrics.offloadLookupTime),
        queries: [
          percentile(q, 0.95, metrics.offloadLookupTime, { legend: "Call, P95" }),
          percentile(q, 0.95, metrics.offloadLookupWait, { legend: "Wait, P95" }),
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Host cache pinned",
        question: "What share of the host's cache do ongoing transfers hold?",
        advice: "Near 100 %, stores are dropped: enlarge the host's cache.",
        unit: units.PercentUnit,
        max: 1,
        steps: levels({ warning: 0.8, critical: 0.95 }),
        queries: [
          { expr: q.max(metrics.offloadCpuUsage), legend: "All" },
          { expr: q.max(metrics.offloadCpuWriteUsage), legend: "Stores" },
          { expr: q.max(metrics.offloadCpuReadUsage), legend: "Loads" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Stores that did not happen",
        question:
          "How often does the host have no room, and how often is a block not worth storing?",
        advice: "No room: enlarge the host's cache. Skipped: store_threshold asks for it.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.offloadAllocationFailures), legend: "No room" },
          { expr: q.rate(metrics.offloadStoresSkipped), legend: "Skipped" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Chunks per store",
        question: "How many chunks of the host's memory does one store ask for, on average?",
        advice: "Large stores fail first when the host's cache is nearly full.",
        unit: units.Short,
        queries: [{ expr: q.mean(metrics.offloadCpuAllocationSize), legend: "Chunks" }],
      }),
      tablePanel({
        title: "Offload configuration",
        question: "How large is the host's cache of each engine?",
        advice: "If engines differ, they store and find different amounts.",
        width: 16,
        empty: OFF,
        labels: [
          { label: "instance", title: "Instance", width: 170 },
          { label: "engine", title: "Engine" },
          { label: "tier", title: "Tier" },
          { label: "cpu_num_chunks", title: "Chunks" },
          { label: "cpu_blocks_per_chunk", title: "Blocks/chunk" },
          { label: "cpu_kv_cache_size_bytes", title: "Size", unit: units.BytesIEC },
          { label: "cpu_kv_cache_size_tokens", title: "Tokens" },
        ],
        columns: [
          {
            title: "Managers",
            unit: units.Short,
            expr: now.count(metrics.offloadConfig, {
              by: [
                "instance",
                "engine",
                "tier",
                "cpu_num_chunks",
                "cpu_blocks_per_chunk",
                "cpu_kv_cache_size_bytes",
                "cpu_kv_cache_size_tokens",
              ],
            }),
          },
        ],
      }),
    ],
  });
}
