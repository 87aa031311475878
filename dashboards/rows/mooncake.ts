import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { featureRow, type FeatureRow } from "../featureRow.ts";
import { timeSeriesPanel, OFF, percentileTimeSeriesPanel } from "../panels/index.ts";
import { percentile, percentiles, type Queries } from "../queries.ts";

const third = { width: 8, empty: OFF };

/** KV transfers between servers, by Mooncake. */
export function mooncakeRow({ q, now, bounds }: Queries): FeatureRow {
  const by = ["instance"] as const;
  return featureRow({
    name: "mooncake",
    title: "Mooncake connector",
    presence: now.observations(metrics.mooncakeTransferTime),
    panels: [
      percentileTimeSeriesPanel({
        ...third,
        title: "Mooncake transfer time",
        question: "How long does a transfer of KV blocks take?",
        advice: "Longer at the same size: the network is busy, or RDMA is not used.",
        unit: units.Seconds,
        buckets: bounds(metrics.mooncakeTransferTime),
        queries: percentiles(q, metrics.mooncakeTransferTime),
      }),
      timeSeriesPanel({
        ...third,
        title: "Mooncake transfers",
        question: "How many bytes does each instance transfer per second?",
        advice:
          "Zero while requests wait for KV loads: the connection between the servers is gone.",
        unit: units.BytesPerSecondSI,
        queries: [{ expr: q.total(metrics.mooncakeBytes, { by }), legend: "{{instance}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "Mooncake descriptors per transfer",
        question: "How many pieces (descriptors) does a transfer have, on average?",
        advice: "Thousands: blocks are small, or the two sides' layouts differ.",
        unit: units.Short,
        queries: [{ expr: q.mean(metrics.mooncakeDescriptors, { by }), legend: "{{instance}}" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "Mooncake failures",
        question:
          "How many sends and receives fail, and how many blocks expire before they are fetched?",
        advice:
          "Expired: the decode side is overloaded or gone. Failed: check the network and both servers' logs.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(metrics.mooncakeFailedTransfers), legend: "Failed transfers" },
          { expr: q.rate(metrics.mooncakeFailedReceives), legend: "Failed receives" },
          { expr: q.rate(metrics.mooncakeExpiredRequests), legend: "Expired requests" },
        ],
      }),
    ],
  });
}

/** Mooncake's shared store of KV blocks. */
export function mooncakeStoreRow({ q, now, bounds }: Queries): FeatureRow {
  const by = ["operation"] as const;
  const perOperation = (expr: string) => [{ expr, legend: "{{operation}}" }];
  return featureRow({
    name: "mooncake_store",
    title: "Mooncake store",
    presence: now.rate(metrics.mooncakeStoreOperations),
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Store operations",
        question: "How many operations does the store get, and how do they end?",
        advice: "error or partial_failure: the store's master or a node is gone.",
        unit: units.OpsPerSecond,
        queries: [
          {
            expr: q.rate(metrics.mooncakeStoreOperations, { by: ["operation", "status"] }),
            legend: "{{operation}} {{status}}",
          },
        ],
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Store time",
        question: "How long do the slowest 5 % of each operation take, at least?",
        advice: "Lookups that take longer than computing the tokens do not pay off.",
        unit: units.Seconds,
        buckets: bounds(metrics.mooncakeStoreTime),
        queries: [percentile(q, 0.95, metrics.mooncakeStoreTime, { by, legend: "{{operation}}" })],
      }),
      timeSeriesPanel({
        ...third,
        title: "Store traffic",
        question: "How many bytes go to and come from the store?",
        advice: "Much put, little got: stored blocks are not reused.",
        unit: units.BytesPerSecondSI,
        queries: perOperation(q.rate(metrics.mooncakeStoreBytes, { by })),
      }),
      timeSeriesPanel({
        ...third,
        title: "Store keys",
        question: "How many keys do the operations touch per second?",
        advice: "Many lookups of few keys each: larger chunks are cheaper.",
        unit: units.OpsPerSecond,
        queries: perOperation(q.rate(metrics.mooncakeStoreKeys, { by })),
      }),
      timeSeriesPanel({
        ...third,
        title: "Store keys that failed",
        question: "For how many keys did an operation fail?",
        advice: "The store is full, or a node is gone: see its master's log.",
        unit: units.OpsPerSecond,
        queries: perOperation(q.rate(metrics.mooncakeStoreFailedKeys, { by })),
      }),
    ],
  });
}
