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
        question: "How many objects per second are submitted, completed, and failed?",
        advice: "Fewer completed than submitted: the store is slow. Failed: see the store's log.",
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
        question: "How many bytes per second does the store move?",
        advice: "Much stored, little loaded: stored objects are not reused.",
        unit: units.BytesPerSecondSI,
        queries: [{ expr: q.rate(metrics.umbpBytes, { by }), legend: "{{operation}}" }],
      }),
    ],
  });
}
