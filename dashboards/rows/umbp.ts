import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

const half = { width: 12, empty: OFF };

/** The UMBP store. */
export function umbpRow({ q, now }: Queries): FeatureRow {
  const by = ["operation"] as const;
  return featureRow({
    name: "umbp",
    title: "UMBP store",
    presence: now.rate(metrics.umbpSubmitted),
    panels: [
      timeSeriesPanel({
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
      timeSeriesPanel({
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
