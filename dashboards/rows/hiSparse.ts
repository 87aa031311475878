import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentile, type Queries } from "../queries.ts";

const half = { width: 12, empty: OFF };
const third = { width: 8, empty: OFF };

/** Sparse attention over KV blocks on the host. */
export function hiSparseRow({ q, now, bounds }: Queries): FeatureRow {
  return featureRow({
    name: "hisparse",
    title: "HiSparse",
    presence: now.group(metrics.hiSparseHostUsage),
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Hot-buffer hit rate",
        question: "What share of accesses finds the page already on the GPU?",
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
      timeSeriesPanel({
        ...third,
        title: "Host to device traffic",
        question: "How many bytes per second move from the host to the GPU?",
        advice: "At PCIe's limit: enlarge the hot buffer.",
        unit: units.BytesPerSecondSI,
        queries: [
          {
            expr: q.rate(metrics.hiSparseLoadedBytes, { by: ["instance"] }),
            legend: "{{instance}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Host cache usage",
        question: "How full is the fullest KV cache on a host?",
        advice: "Full: the host evicts blocks, too; see Residency on the host.",
        unit: units.PercentUnit,
        max: 1,
        queries: [{ expr: q.max(metrics.hiSparseHostUsage), legend: "Fullest" }],
      }),
      timeSeriesPanel({
        ...half,
        title: "Page transfers under way",
        question: "How many pages are in transit between host and GPU?",
        advice: "Keeps growing: a transfer is stuck, or the link is too slow.",
        unit: units.Short,
        queries: [{ expr: q.sum(metrics.hiSparsePendingTransfers), legend: "Transfers" }],
      }),
      percentileTimeSeriesPanel({
        ...half,
        title: "Residency on the host",
        question:
          "How long do host blocks live, how long are they idle when evicted, and how far apart are two uses? Medians.",
        advice: "Blocks evicted before they are used again: the host's cache is too small.",
        unit: units.Seconds,
        buckets: bounds(metrics.hiSparseBlockLifetime),
        queries: [
          percentile(q, 0.5, metrics.hiSparseBlockLifetime, { legend: "Lifetime" }),
          percentile(q, 0.5, metrics.hiSparseBlockIdleBeforeEviction, { legend: "Idle" }),
          percentile(q, 0.5, metrics.hiSparseBlockReuseGap, { legend: "Gap" }),
        ],
      }),
    ],
  });
}
