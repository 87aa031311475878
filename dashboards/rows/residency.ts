import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** How long blocks stay in the cache; a sample of them. */
export function residencyRow({ q, now, bounds }: Queries): FeatureRow {
  const seconds = { unit: units.Seconds, width: 8, empty: OFF };
  return featureRow({
    name: "residency",
    title: "Residency of blocks (--kv-cache-metrics)",
    presence: now.observations(metrics.kvBlockLifetime),
    panels: [
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Lifetime of blocks",
        question: "How long does a block stay in the cache, from its allocation to its eviction?",
        advice:
          "Shorter than the pause between two turns of a conversation: prefixes are gone before they are used again.",
        buckets: bounds(metrics.kvBlockLifetime),
        queries: percentiles(q, metrics.kvBlockLifetime),
      }),
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Idle before eviction",
        question: "How long was a block unused when it was evicted?",
        advice: "Short: blocks are evicted while they are still wanted; the cache is too small.",
        buckets: bounds(metrics.kvBlockIdleBeforeEviction),
        queries: percentiles(q, metrics.kvBlockIdleBeforeEviction),
      }),
      percentileTimeSeriesPanel({
        ...seconds,
        title: "Gap between uses",
        question: "How long is it between two uses of a block?",
        advice:
          "Longer than the lifetime of blocks: keep blocks longer, with a larger cache or offloading.",
        buckets: bounds(metrics.kvBlockReuseGap),
        queries: percentiles(q, metrics.kvBlockReuseGap),
      }),
    ],
  });
}
