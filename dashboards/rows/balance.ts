import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel, type Query } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** Whether all engines get the same share of the load. */
export function balanceRow({ q }: Queries, { thresholds }: DashboardOptions): Row {
  const by = ["instance", "engine"] as const;
  const drillDown = INSTANCE_ALONE;
  const perEngine = (expr: string): Query[] => [{ expr, legend: "{{instance}} engine {{engine}}" }];
  const advice =
    "One far above the others: look at how requests are routed, and whether the others are slow.";
  return {
    title: "Load balance",
    panels: [
      timeSeriesPanel({
        title: "Running by engine",
        question: "Do all engines run about the same number of requests?",
        advice,
        unit: units.Short,
        queries: perEngine(q.sum(metrics.requestsRunning, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Waiting by engine",
        question: "Do requests wait on one engine while another has room?",
        advice,
        unit: units.Short,
        queries: perEngine(q.sum(metrics.requestsWaiting, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "KV cache by engine",
        question: "Are all KV caches about equally full?",
        advice:
          "One fuller than the others: it gets longer prompts, or its cache is smaller; see Configuration.",
        unit: units.PercentUnit,
        max: 1,
        steps: levels(thresholds.kvCacheUsage),
        queries: perEngine(q.max(metrics.kvCacheUsage, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Requests by engine",
        question: "Do all engines finish about as many requests?",
        advice,
        unit: units.RequestsPerSecond,
        queries: perEngine(q.rate(metrics.requestsFinished, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Prompt tokens by engine",
        question: "Do all engines take in about as many prompt tokens?",
        advice:
          "Equal requests, unequal tokens: balance by tokens or by cache usage, not by requests.",
        unit: TOKENS_PER_SECOND,
        queries: perEngine(q.rate(metrics.promptTokens, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Generated tokens by engine",
        question: "Do all engines generate about as many tokens?",
        advice:
          "One slower at the same load: compare its latency, and its GPU's clock and temperature.",
        unit: TOKENS_PER_SECOND,
        queries: perEngine(q.rate(metrics.generationTokens, { by })),
        drillDown,
      }),
    ],
  };
}
