import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { distribution, percentileLines, stackedLines } from "../panels/index.ts";
import { percentiles, type Queries } from "../queries.ts";

/** What users wait for, and in which phase of a request. */
export function latency({ q, bounds }: Queries, { thresholds }: BoardOptions): Row {
  const seconds = { unit: units.Seconds, width: 8 };
  return {
    title: "Latency",
    panels: [
      percentileLines({
        ...seconds,
        title: "Time to first token (TTFT)",
        question: "How long until the first token of an answer comes?",
        advice:
          "Compare Queue time: if that is as long, servers are short; if not, prompts are long.",
        buckets: bounds(metrics.timeToFirstToken),
        levels: thresholds.timeToFirstToken,
        queries: percentiles(q, metrics.timeToFirstToken),
      }),
      percentileLines({
        ...seconds,
        title: "Inter-token latency (ITL)",
        question: "How long are the gaps between two tokens of an answer? One sample per token.",
        advice:
          "A long tail means that prefills of others come between: lower --max-num-batched-tokens.",
        buckets: bounds(metrics.interTokenLatency),
        levels: thresholds.interTokenLatency,
        queries: percentiles(q, metrics.interTokenLatency),
      }),
      percentileLines({
        ...seconds,
        title: "Time per output token (TPOT)",
        question:
          "How fast does a whole answer come, in seconds per token? One sample per request; one of a single token counts as 0.",
        advice:
          "Higher than ITL's mean: some requests are slow throughout, such as those that are preempted.",
        buckets: bounds(metrics.requestTimePerOutputToken),
        levels: thresholds.interTokenLatency,
        queries: percentiles(q, metrics.requestTimePerOutputToken),
      }),
      percentileLines({
        ...seconds,
        title: "End-to-end latency",
        question: "How long do requests take, from their arrival to their last token?",
        advice:
          "See Mean time per phase for where the time goes, and Answer length for whether more is asked.",
        buckets: bounds(metrics.endToEndLatency),
        queries: percentiles(q, metrics.endToEndLatency),
      }),
      percentileLines({
        ...seconds,
        title: "Queue time",
        question: "How long do requests wait before any work on them begins?",
        advice: "Any queue that lasts means too little capacity: see Waiting by reason.",
        buckets: bounds(metrics.queueTime),
        queries: percentiles(q, metrics.queueTime),
      }),
      stackedLines({
        ...seconds,
        title: "Mean time per phase",
        question:
          "Where does a request's time go, on average: waiting, reading the prompt, or writing the answer? Means add up, percentiles do not.",
        advice:
          "The phase that grew names the remedy: servers for queue, caching for prefill, smaller batches for decode.",
        interval: "1m",
        queries: [
          { expr: q.mean(metrics.queueTime), legend: "Queue" },
          { expr: q.mean(metrics.prefillTime), legend: "Prefill" },
          { expr: q.mean(metrics.decodeTime), legend: "Decode" },
        ],
      }),
      distribution({
        ...seconds,
        title: "TTFT distribution",
        question:
          "Are there groups of requests that are served differently, such as cached and uncached prompts?",
        advice:
          "A second band far above the first is a group of its own: find it by model and instance.",
        query: q.heatmap(metrics.timeToFirstToken),
      }),
      distribution({
        ...seconds,
        title: "ITL distribution",
        question: "Do tokens come evenly, or in fits and starts?",
        advice: "A faint band at long gaps: decoding is held up by prefills or preemptions.",
        query: q.heatmap(metrics.interTokenLatency),
      }),
      distribution({
        ...seconds,
        title: "End-to-end distribution",
        question: "Which lengths of requests are there, and did the mix change?",
        advice: "A band that moves up without longer answers is a server that became slower.",
        query: q.heatmap(metrics.endToEndLatency),
      }),
    ],
  };
}
