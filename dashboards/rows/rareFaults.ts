import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, OFF } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** Events that are rare, or that happen only where a feature is on. */
export function rareFaultsRow({ q }: Queries): Row {
  return {
    title: "Rare faults and features",
    collapsed: true,
    panels: [
      timeSeriesPanel({
        title: "Rejections by reason",
        question: "Which queue limit rejects requests: the one on requests, or the one on tokens?",
        advice: "Add servers, or raise the limit that is hit.",
        unit: units.RequestsPerSecond,
        width: 8,
        queries: [
          {
            expr: q.rate(metrics.admissionRejections, { by: ["model_name", "reason"] }),
            legend: "{{model_name}}: {{reason}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Corrupted requests",
        question:
          "Did the model compute NaN for any token? Counted only with VLLM_COMPUTE_NANS_IN_LOGITS=1.",
        advice: "Take the instance out of service: its weights, a kernel or a GPU is broken.",
        unit: units.Short,
        width: 8,
        empty: OFF,
        queries: [
          {
            expr: q.increase(metrics.corruptedRequests, { by: ["instance"] }),
            legend: "{{instance}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Preemptions per request",
        question: "How often is a request preempted before it finishes, on average?",
        advice: "Above 100 %, requests starve: lower --max-num-seqs.",
        unit: units.PercentUnit,
        width: 8,
        // No percentile: most requests have no preemption, and 0 and 1 share a bucket.
        queries: [{ expr: q.mean(metrics.requestPreemptions), legend: "Mean" }],
      }),
      timeSeriesPanel({
        title: "Watermarked requests",
        question: "Do answers have the configured watermark?",
        advice:
          "not_watermarked or skipped although all answers should have one: see watermark_config.",
        unit: units.RequestsPerSecond,
        width: 8,
        empty: OFF,
        queries: [
          { expr: q.rate(metrics.watermarkRequests, { by: ["status"] }), legend: "{{status}}" },
        ],
      }),
      timeSeriesPanel({
        title: "Diffusion models",
        question:
          "How many tokens does a diffusion model commit per denoising step, and what share of its canvas?",
        advice: "Fewer per step than usual: the text is harder, or the threshold is too strict.",
        unit: units.Short,
        width: 8,
        empty: OFF,
        queries: [
          {
            expr: math`${q.rate(metrics.committedTokens)} / (${q.rate(metrics.denoisingSteps)} > 0)`,
            legend: "Tokens per step",
          },
          {
            expr: math`${q.rate(metrics.committedTokens)} / (${q.rate(metrics.canvasPositions)} > 0)`,
            legend: "Share of the canvas",
          },
        ],
      }),
    ],
  };
}
