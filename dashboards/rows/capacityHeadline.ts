import * as units from "@grafana/grafana-foundation-sdk/units";
import {
  clientAbortRatio,
  httpAnswers,
  math,
  metrics,
  orZero,
  plus,
  ratio,
} from "../../vllm/index.ts";
import { shares, type Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, statPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** How much work clients ask for, and what share of it is cached, repeated or not answered. */
export function capacityHeadlineRow({ now }: Queries, { thresholds }: DashboardOptions): Row {
  const finished = now.rate(metrics.requestsFinished);
  const rejected = now.rate(metrics.admissionRejections);
  const { all, failed } = httpAnswers(now);
  const http = (answers: string) => `sum(${answers})`;
  const widths = shares(5);
  return {
    panels: [
      statPanel({
        title: "Requests",
        question: "How many requests finish per second, over the last five minutes?",
        advice: "An unplanned drop: look at Servers down on Overview, and at the load balancer.",
        unit: units.RequestsPerSecond,
        query: math`${finished} > 0`,
      }),
      statPanel({
        title: "Prompt tokens",
        question: "How many prompt tokens arrive per second, cached ones included?",
        advice: "A rise without more requests: prompts grew; see Prompt length.",
        unit: TOKENS_PER_SECOND,
        query: math`${now.rate(metrics.promptTokens)} > 0`,
      }),
      statPanel({
        title: "Generated tokens",
        question: "How many tokens are generated per second?",
        advice:
          "A drop while requests run: an engine is slower than before, or stalled; see Instances.",
        unit: TOKENS_PER_SECOND,
        query: math`${now.rate(metrics.generationTokens)} > 0`,
      }),
      statPanel({
        title: "Running",
        question: "How many requests run right now?",
        advice: "Constant while no tokens are generated: an engine hangs.",
        unit: units.Short,
        query: now.sum(metrics.requestsRunning),
      }),
      statPanel({
        title: "Engines",
        question: "How many engines expose metrics? Each data-parallel rank counts as one.",
        advice:
          "Fewer than you started: see Servers down on Overview, and the log of the server with the missing rank.",
        unit: units.Short,
        query: math`${now.engineCount()} or vector(0)`,
      }),
      statPanel({
        title: "Prefix cache hits",
        question: "What share of the looked-up prompt tokens was already in the cache?",
        advice:
          "Lower than usual: prompts no longer share prefixes, or the cache is too small to keep them.",
        unit: units.PercentUnit,
        query: ratio(now.rate(metrics.prefixCacheHits), now.rate(metrics.prefixCacheQueries)),
      }),
      statPanel({
        title: "Preemptions",
        question:
          "How often was a request preempted for lack of cache, per finished request? Each is recomputed.",
        advice: "Give the KV cache more memory, or lower --max-num-seqs.",
        unit: units.PercentUnit,
        query: ratio(now.rate(metrics.preemptions), finished),
        steps: levels(thresholds.preemptionRatio),
      }),
      statPanel({
        title: "Client aborts",
        question:
          "In what share of the requests did the client disconnect after the first token? vLLM does not count this, so it is computed: first tokens, minus finished requests, minus the growth of running requests. No metric counts clients that disconnect before the first token, and each request that fails before its first token hides one abort.",
        advice:
          "Often the client's timeout is too short: compare it with TTFT and End-to-end latency.",
        unit: units.PercentUnit,
        query: clientAbortRatio(now),
        steps: levels(thresholds.abortRatio),
      }),
      statPanel({
        title: "Rejected",
        question: "What share of the requests did a queue limit reject before any work?",
        advice: "Add servers, or raise --max-num-queued-reqs if waiting is better than no answer.",
        unit: units.PercentUnit,
        query: ratio(orZero(rejected, finished), plus(finished, rejected)),
        steps: levels(thresholds.rejectionRatio),
      }),
      statPanel({
        title: "HTTP 5xx",
        question:
          "What share of the HTTP requests got a server error (5xx)? Requests rejected by a queue limit do not count; requests that failed before reaching an engine do.",
        advice: "More than Errors (on Overview): see the log of the API server.",
        unit: units.PercentUnit,
        query: ratio(orZero(http(failed), http(all)), http(all)),
        steps: levels(thresholds.errorRatio),
      }),
    ].map((panel, index) => ({ ...panel, width: widths[index % 5] ?? 5, height: 3 })),
  };
}
