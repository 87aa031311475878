import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** KV transfers by NIXL, as between prefill and decode servers. */
export function nixlRow({ q, now, bounds }: Queries): FeatureRow {
  const by = ["instance"] as const;
  const third = { width: 8, empty: OFF };
  return featureRow({
    name: "nixl",
    title: "NIXL connector",
    presence: now.observations(metrics.nixlTransferTime),
    panels: [
      percentileTimeSeriesPanel({
        ...third,
        title: "NIXL transfer time",
        question: "How long does a transfer of KV blocks take?",
        advice:
          "Longer at the same size: the network is busy, or UCX fell back to TCP; see UCX's log.",
        unit: units.Seconds,
        buckets: bounds(metrics.nixlTransferTime),
        queries: percentiles(q, metrics.nixlTransferTime),
      }),
      timeSeriesPanel({
        ...third,
        title: "NIXL throughput",
        question:
          "How many bytes does each instance transfer per second, overall and during transfers?",
        advice:
          "Well below the link's speed while transfers wait: blocks are small, or the wrong network device is used.",
        unit: units.BytesPerSecondSI,
        queries: [
          { expr: q.total(metrics.nixlBytes, { by }), legend: "{{instance}}" },
          {
            expr: ratio(
              q.total(metrics.nixlBytes, { by }),
              q.total(metrics.nixlTransferTime, { by }),
            ),
            legend: "{{instance}}, within transfers",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "NIXL failures",
        question:
          "How many transfers fail, how many notifications get lost, and how many blocks expire before they are fetched?",
        advice:
          "Expired or late: the decode side is overloaded or gone. Failed: check the handshake, the network and both servers' logs.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.nixlFailedTransfers), legend: "Failed transfers" },
          {
            expr: q.rate(metrics.nixlFailedNotifications),
            legend: "of these, failed notifications",
          },
          { expr: q.rate(metrics.nixlExpiredRequests), legend: "Expired requests" },
          { expr: q.rate(metrics.nixlNotificationsAfterExpiry), legend: "Notified after expiry" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "NIXL post time",
        question: "How long does it take to hand a transfer to the network, on average?",
        advice:
          "A large part of the transfer time: there are many small descriptors; use larger blocks.",
        unit: units.Seconds,
        queries: [{ expr: q.mean(metrics.nixlPostTime, { by }), legend: "{{instance}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "NIXL bytes per transfer",
        question: "How large is a transfer, on average?",
        advice: "Larger with longer prompts; smaller with more cache hits on the receiving side.",
        unit: units.BytesIEC,
        queries: [{ expr: q.mean(metrics.nixlBytes, { by }), legend: "{{instance}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "NIXL descriptors per transfer",
        question: "How many pieces (descriptors) does a transfer have, on average?",
        advice: "Thousands: the two sides' layouts differ, or blocks are small.",
        unit: units.Short,
        queries: [{ expr: q.mean(metrics.nixlDescriptors, { by }), legend: "{{instance}}" }],
      }),
    ],
  });
}
