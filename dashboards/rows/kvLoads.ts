import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, stackedTimeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** Requests whose KV blocks come from elsewhere, whichever connector brings them. */
export function kvLoadsRow({ q, steady, now }: Queries): FeatureRow {
  return featureRow({
    name: "kv_loads",
    title: "KV loads from elsewhere",
    presence: now.group(metrics.requestsKvFetchByStage),
    panels: [
      timeSeriesPanel({
        title: "External hit rate by model",
        question: "What share of the tokens looked up in the external cache is found?",
        advice: "Low: stored blocks are gone or lie elsewhere; check the store's size and routing.",
        unit: units.PercentUnit,
        max: 1,
        empty: OFF,
        queries: [
          {
            expr: ratio(
              steady.rate(metrics.externalPrefixCacheHits, { by: ["model_name"] }),
              steady.rate(metrics.externalPrefixCacheQueries, { by: ["model_name"] }),
            ),
            legend: "{{model_name}}",
          },
        ],
      }),
      stackedTimeSeriesPanel({
        title: "Requests that wait for KV loads",
        question:
          "How many requests wait for blocks from elsewhere: for the load to start, for the blocks to arrive, or then to run?",
        advice:
          "Many in progress: the transfer is slow; see the connector. Many waiting to start: too few transfers run at once.",
        unit: units.Short,
        empty: OFF,
        queries: [
          { expr: q.sum(metrics.requestsKvFetchByStage, { by: ["stage"] }), legend: "{{stage}}" },
        ],
      }),
    ],
  });
}
