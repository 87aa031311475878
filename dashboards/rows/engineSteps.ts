import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import { timeSeriesPanel, type Query } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS } from "../units.ts";

/** What the scheduler does, step by step. */
export function engineStepsRow({ q }: Queries): Row {
  const by = ["instance", "engine"] as const;
  const drillDown = INSTANCE_ALONE;
  const perEngine = (expr: string): Query[] => [{ expr, legend: "{{instance}} engine {{engine}}" }];
  return {
    title: "Scheduler",
    panels: [
      timeSeriesPanel({
        title: "Steps by engine",
        question:
          "How many steps does each engine do per second? Zero while it has requests is a stall.",
        advice: "No steps while requests run or wait: restart the engine, and keep its log.",
        unit: units.OpsPerSecond,
        queries: perEngine(q.observations(metrics.iterationTokens, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Mean tokens per step by engine",
        question: "How large are the batches of each engine, in tokens per step?",
        advice: "Small while requests wait: --max-num-seqs or --max-num-batched-tokens is too low.",
        unit: TOKENS,
        queries: perEngine(q.mean(metrics.iterationTokens, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Preemptions by engine",
        question: "Which engine preempts requests for lack of cache?",
        advice:
          "One alone: it gets the longest requests, or its cache is smaller; see Configuration.",
        unit: units.OpsPerSecond,
        queries: perEngine(q.rate(metrics.preemptions, { by })),
        drillDown,
      }),
      timeSeriesPanel({
        title: "Waiting by reason",
        question:
          "Why do requests wait on each instance: for capacity, or deferred for LoRA slots or KV transfers?",
        advice:
          "Waiting for capacity with an empty cache means that the engine is stuck: restart it.",
        unit: units.Short,
        queries: [
          {
            expr: q.sum(metrics.requestsWaitingByReason, { by: ["instance", "reason"] }),
            legend: "{{instance}}: {{reason}}",
          },
        ],
        drillDown,
      }),
    ],
  };
}
