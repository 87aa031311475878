import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

const third = { width: 8, empty: OFF };

/** KV blocks in the 3FS file system. */
export function hf3fsRow({ q, now, bounds }: Queries): FeatureRow {
  return featureRow({
    name: "hf3fs",
    title: "3FS connector",
    presence: now.observations(metrics.hf3fsLoadTime),
    panels: [
      percentileTimeSeriesPanel({
        ...third,
        title: "3FS load time",
        question: "How long does loading blocks from 3FS take?",
        advice: "Longer than computing the blocks: the file system is overloaded.",
        unit: units.Seconds,
        buckets: bounds(metrics.hf3fsLoadTime),
        queries: percentiles(q, metrics.hf3fsLoadTime),
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "3FS save time",
        question: "How long does saving blocks to 3FS take?",
        advice: "Rising: the file system is nearly full or overloaded.",
        unit: units.Seconds,
        buckets: bounds(metrics.hf3fsSaveTime),
        queries: percentiles(q, metrics.hf3fsSaveTime),
      }),
      timeSeriesPanel({
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
