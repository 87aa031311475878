import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentile, type Queries } from "../queries.ts";

/** Further tiers below host memory, such as disks. */
export function tieringRow({ q, now, bounds }: Queries): FeatureRow {
  const by = ["tier"] as const;
  const third = { width: 8, empty: OFF };
  return featureRow({
    name: "tiering",
    title: "Tiers below the host",
    presence: now.rate(metrics.tieringChunkQueries),
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Tier hit rate",
        question: "What share of the chunks looked up in a tier is found?",
        advice: "A tier that finds nothing only costs time: remove it, or enlarge it.",
        unit: units.PercentUnit,
        max: 1,
        queries: [
          {
            expr: ratio(
              q.rate(metrics.tieringChunkHits, { by }),
              q.rate(metrics.tieringChunkQueries, { by }),
            ),
            legend: "{{tier}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Tier traffic",
        question: "How many bytes per second are read from and written to each tier?",
        advice: "At the device's limit: use fewer tiers, or a faster device.",
        unit: units.BytesPerSecondSI,
        queries: [
          { expr: q.rate(metrics.tieringReadBytes, { by }), legend: "{{tier}}, read" },
          { expr: q.rate(metrics.tieringWriteBytes, { by }), legend: "{{tier}}, written" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Tier bandwidth",
        question:
          "How fast is each tier while it reads or writes? Tiers that report no times are missing here.",
        advice: "Slower than the device should be: the device is shared, worn or full.",
        unit: units.BytesPerSecondSI,
        queries: [
          {
            expr: ratio(
              q.rate(metrics.tieringReadBytes, { by }),
              q.rate(metrics.tieringReadTime, { by }),
            ),
            legend: "{{tier}}, read",
          },
          {
            expr: ratio(
              q.rate(metrics.tieringWriteBytes, { by }),
              q.rate(metrics.tieringWriteTime, { by }),
            ),
            legend: "{{tier}}, written",
          },
        ],
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Tier lookups",
        question:
          "How long does a lookup in a tier take: the call itself, and the wait for a deferred answer? The histogram buckets of waits are ten times as long as those of calls.",
        advice: "Longer than computing the tokens again: the tier is not worth it.",
        unit: units.Seconds,
        buckets: bounds(metrics.tieringLookupTime),
        queries: [
          percentile(q, 0.95, metrics.tieringLookupTime, { by, legend: "{{tier}}, call P95" }),
          percentile(q, 0.95, metrics.tieringLookupWait, { by, legend: "{{tier}}, wait P95" }),
        ],
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Promotions",
        question:
          "How long do the slowest 5 % of promotions of chunks to the host take, at least? Includes queueing.",
        advice: "Rising with many jobs in Tier jobs under way: the tier is the bottleneck.",
        unit: units.Seconds,
        buckets: bounds(metrics.tieringPromotionLatency),
        queries: [
          percentile(q, 0.95, metrics.tieringPromotionLatency, {
            by: ["tier", "result"],
            legend: "{{tier}}, {{result}} P95",
          }),
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Tier jobs under way",
        question: "How many jobs are moving chunks up (promotion) or down (cascade) right now?",
        advice: "Keeps growing: a tier is stuck or too slow.",
        unit: units.Short,
        queries: [
          { expr: q.sum(metrics.tieringActivePromotions, { by }), legend: "{{tier}}, promotions" },
          { expr: q.sum(metrics.tieringActiveCascades, { by }), legend: "{{tier}}, cascades" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Tier failures",
        question: "How many jobs fail, and how many promotions find no room on the host?",
        advice:
          "Failed jobs: check the device and its file system. No room: enlarge the host's cache.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.tieringPromotionFailures, { by }), legend: "{{tier}}, promotion" },
          { expr: q.rate(metrics.tieringCascadeFailures, { by }), legend: "{{tier}}, cascade" },
          {
            expr: q.rate(metrics.tieringPromotionAllocationFailures),
            legend: "No room on the host",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Host space held by tiers",
        question: "What share of the host's cache do transfers from and to the tiers hold?",
        advice: "Near 100 %: slow tiers block the host's cache; see their bandwidth.",
        unit: units.PercentUnit,
        max: 1,
        queries: [
          { expr: q.max(metrics.tieringPrimaryWriteUsage, { by }), legend: "{{tier}}, coming up" },
          { expr: q.max(metrics.tieringPrimaryReadUsage, { by }), legend: "{{tier}}, going down" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Dropped by back-pressure",
        question: "How many stores and blocks are dropped because a tier is too slow?",
        advice: "Use a faster tier, or store fewer blocks.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.tieringStoresDropped, { by }), legend: "{{tier}}, stores" },
          { expr: q.rate(metrics.tieringBlocksDropped, { by }), legend: "{{tier}}, blocks" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Time per stored MiB",
        question: "How long does a tier take to store a MiB, as estimated for back-pressure?",
        advice: "Rising: above a certain value, stores are dropped.",
        unit: units.Seconds,
        queries: [{ expr: q.max(metrics.tieringStoreLatency, { by }), legend: "{{tier}}" }],
      }),
    ],
  });
}
