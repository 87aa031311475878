import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import {
  heatmapPanel,
  FINISH_COLOURS,
  timeSeriesPanel,
  percentileTimeSeriesPanel,
} from "../panels/index.ts";
import { dashboardQueries, percentiles } from "../queries.ts";
import { UIDS } from "../uids.ts";
import { TOKENS_PER_SECOND } from "../units.ts";
import { dashboardVariables, SELECTION } from "../variables.ts";

/**
 * The dashboard of vLLM's own Prometheus-and-Grafana example: its 12 panels with their titles,
 * order, types and meaning, over all servers that the reader chose. Phases are shown in seconds per
 * request where the example shows the rate of a sum.
 */
export function vllmDashboard(options: DashboardOptions): Dashboard {
  const { q, bounds } = dashboardQueries(options, SELECTION);
  const { thresholds, histograms } = options;
  const lengths =
    histograms === "native"
      ? " If the chosen models differ in maximum length, only the bucket bounds common to all remain: choose one model."
      : "";
  return dashboard({
    uid: UIDS.vllm,
    title: "vLLM",
    description: "How the chosen vLLM servers perform: latency, throughput, queue and cache.",
    variables: dashboardVariables(),
    annotations: annotations(SELECTION),
    rows: [
      {
        panels: [
          percentileTimeSeriesPanel({
            title: "E2E Request Latency",
            question: "How long do requests take, from their arrival to their last token?",
            advice:
              "Queue Time and Requests Prefill and Decode Time show where the time goes; longer answers take longer.",
            unit: units.Seconds,
            buckets: bounds(metrics.endToEndLatency),
            levels: thresholds.endToEndLatency,
            queries: percentiles(q, metrics.endToEndLatency, "Average"),
          }),
          timeSeriesPanel({
            title: "Token Throughput",
            question:
              "How many prompt tokens are processed, and how many tokens are generated, per second?",
            advice:
              "A drop while requests wait in Scheduler State means that the engine is slower than before, or stalled: look at its log.",
            unit: TOKENS_PER_SECOND,
            queries: [
              { expr: q.rate(metrics.promptTokens), legend: "Prompt Tokens/Sec" },
              { expr: q.rate(metrics.generationTokens), legend: "Generation Tokens/Sec" },
            ],
          }),
          percentileTimeSeriesPanel({
            title: "Inter Token Latency",
            question:
              "How long does a reader wait between two tokens of an answer? Above 0.1 s, text arrives slower than people read.",
            advice:
              "Many requests in one batch slow each other: lower --max-num-seqs, add servers, or speculate.",
            unit: units.Seconds,
            buckets: bounds(metrics.interTokenLatency),
            levels: thresholds.interTokenLatency,
            queries: percentiles(q, metrics.interTokenLatency),
          }),
          timeSeriesPanel({
            title: "Scheduler State",
            question:
              "How many requests are running, and how many wait for a slot? A growing queue means that demand exceeds what these servers can handle.",
            advice:
              "Requests wait and the cache is full: see Cache Utilization. They wait and it is empty: raise --max-num-seqs, or add servers.",
            unit: units.Short,
            queries: [
              { expr: q.sum(metrics.requestsRunning), legend: "Num Running" },
              { expr: q.sum(metrics.requestsWaiting), legend: "Num Waiting" },
            ],
          }),
          percentileTimeSeriesPanel({
            title: "Time To First Token Latency",
            question:
              "How long until the first token of an answer? Includes queueing and prefill. Requests that never got a first token do not count.",
            advice:
              "High with a queue: too few servers. High without one: long prompts; see Request Prompt Length and the prefix cache.",
            unit: units.Seconds,
            buckets: bounds(metrics.timeToFirstToken),
            levels: thresholds.timeToFirstToken,
            queries: percentiles(q, metrics.timeToFirstToken, "Average"),
          }),
          timeSeriesPanel({
            title: "Cache Utilization",
            question:
              "How full is the KV cache? Near 100 %, new requests wait, and running ones may be preempted and recomputed. The fullest engine matters most; the average shows the balance.",
            advice:
              "Give it more memory (--gpu-memory-utilization, a smaller --max-model-len, an 8-bit KV cache), or add servers.",
            unit: units.PercentUnit,
            max: 1,
            queries: [
              { expr: q.max(metrics.kvCacheUsage), legend: "GPU Cache Usage (fullest engine)" },
              { expr: q.avg(metrics.kvCacheUsage), legend: "GPU Cache Usage (average)" },
            ],
          }),
          heatmapPanel({
            title: "Request Prompt Length",
            question: `How long are the prompts? Tokens per request, over time.${lengths}`,
            advice: "Longer prompts explain a later first token and a fuller cache.",
            unit: units.Short,
            query: q.heatmap(metrics.requestPromptTokens),
          }),
          heatmapPanel({
            title: "Request Generation Length",
            question: `How long are the answers? Tokens per request, over time.${lengths}`,
            advice: "Longer answers explain longer requests at an unchanged speed per token.",
            unit: units.Short,
            query: q.heatmap(metrics.requestGenerationTokens),
          }),
          timeSeriesPanel({
            title: "Finish Reason",
            question:
              "Why do answers end? stop: complete; length: cut at the limit; abort: aborted; error: failed. Requests of clients that disconnect are not counted.",
            advice:
              "Errors: look at the server's log. Many cut at the limit: clients set max_tokens too low.",
            unit: units.Short,
            colours: FINISH_COLOURS,
            queries: [
              {
                expr: q.increase(metrics.requestsFinished, { by: ["finished_reason"] }),
                legend: "{{finished_reason}}",
              },
            ],
          }),
          timeSeriesPanel({
            title: "Queue Time",
            question: "How long does a request wait, on average, before the engine starts on it?",
            advice: "Above one second, users notice: add servers, or limit concurrent requests.",
            unit: units.Seconds,
            queries: [{ expr: q.mean(metrics.queueTime), legend: "Queue" }],
          }),
          timeSeriesPanel({
            title: "Requests Prefill and Decode Time",
            question:
              "Where does a request's time go, on average: reading the prompt (prefill), or writing the answer (decode)?",
            advice:
              "More prefill: longer prompts or fewer cache hits. More decode: longer answers or larger batches.",
            unit: units.Seconds,
            queries: [
              { expr: q.mean(metrics.prefillTime), legend: "Prefill" },
              { expr: q.mean(metrics.decodeTime), legend: "Decode" },
            ],
          }),
          timeSeriesPanel({
            title: "Max Generation Token in Sequence Group",
            question:
              "If a request asks for several answers, how long is the longest one, on average? With one answer per request, this is that answer's length.",
            advice: "A jump without more requests means that clients ask for longer answers.",
            unit: units.Short,
            queries: [{ expr: q.mean(metrics.requestMaxGenerationTokens), legend: "Tokens" }],
          }),
        ],
      },
    ],
  });
}
