import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, promql } from "../vllm/index.ts";
import { board } from "./board.ts";
import { distribution, lines, type Query } from "./panels.ts";
import { boardVariables, SELECTION } from "./variables.ts";

/** The uid of vLLM's own example, so that links to that board lead to this one. */
export const VLLM_BOARD_UID = "b281712d-8bff-41ef-9f3f-71ad43c05e9b";

/**
 * The board of vLLM's own Prometheus-and-Grafana example: its 12 panels with their titles, order,
 * types and meaning, over all servers that the reader chose. Phases are seconds per request where
 * the example shows the rate of a sum.
 */
export function vllmBoard() {
  return {
    uid: VLLM_BOARD_UID,
    json: board({
      uid: VLLM_BOARD_UID,
      title: "vLLM",
      description: "How the chosen vLLM servers answer: latency, throughput, queue and cache.",
      variables: boardVariables(),
      panels: [
        lines({
          title: "E2E Request Latency",
          description:
            "How long do requests take, from their arrival to their last token? Estimated from buckets, the shortest of which ends at 0.3 s.",
          unit: units.Seconds,
          queries: latency(metrics.endToEndLatency, "Average"),
        }),
        lines({
          title: "Token Throughput",
          description:
            "How many prompt tokens are read, and how many tokens generated, per second?",
          unit: "suffix: tok/s",
          queries: [
            { expr: q.rate(metrics.promptTokens), legend: "Prompt Tokens/Sec" },
            { expr: q.rate(metrics.generationTokens), legend: "Generation Tokens/Sec" },
          ],
        }),
        lines({
          title: "Inter Token Latency",
          description:
            "How long does a reader wait between two tokens of an answer? Above 0.1 s text comes slower than people read.",
          unit: units.Seconds,
          queries: latency(metrics.interTokenLatency, "Mean"),
        }),
        lines({
          title: "Scheduler State",
          description:
            "How many requests are being worked on, and how many wait for a place? A queue that grows means more is asked than these servers can do.",
          unit: units.Short,
          queries: [
            { expr: q.sum(metrics.requestsRunning), legend: "Num Running" },
            { expr: q.sum(metrics.requestsWaiting), legend: "Num Waiting" },
          ],
        }),
        lines({
          title: "Time To First Token Latency",
          description:
            "How long until the first token of an answer: the queue and the reading of the prompt. Requests that never got one are not in it.",
          unit: units.Seconds,
          queries: latency(metrics.timeToFirstToken, "Average"),
        }),
        lines({
          title: "Cache Utilization",
          description:
            "How full is the KV cache? Near 100 % new requests wait, and running ones may be interrupted and computed again. The fullest engine counts; the average shows the balance.",
          unit: units.PercentUnit,
          max: 1,
          queries: [
            {
              expr: q.max(metrics.kvCacheUsage),
              legend: "GPU Cache Usage (fullest engine)",
            },
            { expr: q.avg(metrics.kvCacheUsage), legend: "GPU Cache Usage (average)" },
          ],
        }),
        distribution({
          title: "Request Prompt Length",
          description: "How long are the prompts? Tokens per request, over time.",
          unit: units.Short,
          query: q.heatmap(metrics.requestPromptTokens),
        }),
        distribution({
          title: "Request Generation Length",
          description: "How long are the answers? Tokens per request, over time.",
          unit: units.Short,
          query: q.heatmap(metrics.requestGenerationTokens),
        }),
        lines({
          title: "Finish Reason",
          description:
            "Why do answers end? stop: complete; length: cut at the limit; abort: given up; error: failed. A client that disconnects is in none of them.",
          unit: units.Short,
          queries: [
            {
              expr: q.increase(metrics.requestsFinished, { by: ["finished_reason"] }),
              legend: "{{finished_reason}}",
            },
          ],
        }),
        lines({
          title: "Queue Time",
          description: "How long does a request wait, on average, before work on it begins?",
          unit: units.Seconds,
          queries: [{ expr: q.mean(metrics.queueTime), legend: "Queue" }],
        }),
        lines({
          title: "Requests Prefill and Decode Time",
          description:
            "Where does a request's time go, on average: reading the prompt (prefill), or writing the answer (decode)?",
          unit: units.Seconds,
          queries: [
            { expr: q.mean(metrics.prefillTime), legend: "Prefill" },
            { expr: q.mean(metrics.decodeTime), legend: "Decode" },
          ],
        }),
        lines({
          title: "Max Generation Token in Sequence Group",
          description:
            "How long is the longest answer of a request that asked for several, on average? With one answer per request it is that answer's length.",
          unit: units.Short,
          queries: [{ expr: q.mean(metrics.requestMaxGenerationTokens), legend: "Tokens" }],
        }),
      ],
    }),
  };
}

const q = promql({ histograms: "classic", window: "$__rate_interval", scope: SELECTION });

/** Percentiles and the mean of a latency. */
function latency(metric: typeof metrics.endToEndLatency, meanLegend: string): Query[] {
  return [
    ...[0.99, 0.95, 0.9, 0.5].map((share) => ({
      expr: q.quantile(share, metric),
      legend: `P${Math.round(share * 100)}`,
    })),
    { expr: q.mean(metric), legend: meanLegend },
  ];
}
