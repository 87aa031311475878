import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, orZero, plus, ratio } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import type { BoardOptions } from "../options.ts";
import { bucketLimits, colours, levels, number } from "../panels/index.ts";
import { ofChosenModels, type Latency, type Queries } from "../queries.ts";
import { serversDown, STALLED_ADVICE, stalledEngines } from "../state.ts";
import { UIDS } from "../uids.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** The numbers that tell in one glance whether something is wrong. */
export function headline(queries: Queries, { thresholds }: BoardOptions): Row {
  const { now, bounds } = queries;
  const finished = now.rate(metrics.requestsFinished);
  const failed = now.rate(metrics.requestsFinished, { where: { finished_reason: "error" } });
  const rejected = now.rate(metrics.admissionRejections);
  const target = ["job", "instance"] as const;
  const http = (where: { status?: "5xx" }) =>
    math`sum(${ofChosenModels(now, now.rate(metrics.httpRequests, { by: target, where }))})`;
  const p95 = (metric: Latency) => ({
    query: now.quantile(0.95, metric),
    unit: units.Seconds,
    mappings: bucketLimits(bounds(metric), "s"),
  });
  return {
    panels: [
      number({
        title: "Requests",
        question: "How many requests come to an end per second, over the last five minutes?",
        advice: "A fall that nobody planned: look at Targets down, and at what stands before vLLM.",
        unit: units.RequestsPerSecond,
        query: math`${finished} > 0`,
      }),
      number({
        title: "Prompt tokens",
        question: "How many prompt tokens are taken in per second, cached ones included?",
        advice: "A rise without more requests: prompts grew; see Prompt length.",
        unit: TOKENS_PER_SECOND,
        query: math`${now.rate(metrics.promptTokens)} > 0`,
      }),
      number({
        title: "Generated tokens",
        question: "How many tokens are generated per second?",
        advice:
          "A fall while requests run: an engine is slower than it was, or stalled; see the instances.",
        unit: TOKENS_PER_SECOND,
        query: math`${now.rate(metrics.generationTokens)} > 0`,
      }),
      number({
        title: "Errors",
        question: "What share of the finished requests failed? Each was answered with HTTP 500.",
        advice:
          "Look at the server's log; after an out-of-memory error restart it with a smaller batch.",
        unit: units.PercentUnit,
        query: ratio(orZero(failed, finished), finished),
        steps: levels(thresholds.errorRatio),
      }),
      number({
        title: "TTFT P95",
        question: "How long do the slowest 5 % wait for their first token, or longer?",
        advice:
          "See Mean time per phase: waiting means too few servers, prefill means long prompts.",
        ...p95(metrics.timeToFirstToken),
        steps: levels(thresholds.timeToFirstToken),
      }),
      number({
        title: "ITL P95",
        question: "How long are the slowest 5 % of the gaps between two tokens, or longer?",
        advice:
          "Large batches and long prefills slow every running request: lower --max-num-seqs or --max-num-batched-tokens.",
        ...p95(metrics.interTokenLatency),
        steps: levels(thresholds.interTokenLatency),
      }),
      number({
        title: "E2E P95",
        question: "How long do the slowest 5 % of the requests take in all, or longer?",
        advice: "Long answers take long: compare with Answer length before looking for a fault.",
        ...p95(metrics.endToEndLatency),
      }),
      number({
        title: "Targets down",
        question: "How many of the chosen vLLM servers that should be scraped give no metrics?",
        advice: "See The stack itself for which and why; a wrong address looks like a dead server.",
        unit: units.Short,
        query: math`count(${serversDown(queries)}) or vector(0)`,
        steps: colours([
          [null, "green"],
          [1, "red"],
        ]),
        drillDown: { uid: UIDS.stack, title: "The stack itself" },
      }),
      number({
        title: "Running",
        question: "How many requests are being worked on right now?",
        advice: "Stuck at one height without generated tokens: an engine hangs.",
        unit: units.Short,
        query: now.sum(metrics.requestsRunning),
      }),
      number({
        title: "Waiting",
        question: "How many requests wait for their turn right now?",
        advice: "A queue that stays: add servers, or see Waiting by reason for what is short.",
        unit: units.Short,
        query: now.sum(metrics.requestsWaiting),
      }),
      number({
        title: "Fullest KV cache",
        question: "How full is the KV cache of the fullest engine?",
        advice: "See the KV cache board: whether requests are preempted, and by how much.",
        unit: units.PercentUnit,
        query: now.max(metrics.kvCacheUsage),
        steps: levels(thresholds.kvCacheUsage),
      }),
      number({
        title: "Preemptions",
        question:
          "How often was a request interrupted for lack of cache, per finished request? Each is computed again.",
        advice: "Give the KV cache more memory, or lower --max-num-seqs.",
        unit: units.PercentUnit,
        query: ratio(now.rate(metrics.preemptions), finished),
        steps: levels(thresholds.preemptionRatio),
      }),
      number({
        title: "Prefix cache hits",
        question: "What share of the looked-up prompt tokens was already in the cache?",
        advice:
          "Lower than usual: prompts no longer start alike, or the cache is too small to keep them.",
        unit: units.PercentUnit,
        query: ratio(now.rate(metrics.prefixCacheHits), now.rate(metrics.prefixCacheQueries)),
      }),
      number({
        title: "Given up",
        question:
          "What share of the finished requests was aborted? Clients that only disconnect are not counted.",
        advice: "Often clients whose patience ends: see the latencies, and their time limits.",
        unit: units.PercentUnit,
        query: ratio(
          orZero(
            now.rate(metrics.requestsFinished, { where: { finished_reason: "abort" } }),
            finished,
          ),
          finished,
        ),
        steps: levels(thresholds.abortRatio),
      }),
      number({
        title: "Turned away",
        question: "What share of the requests did a queue limit reject before any work?",
        advice: "Add servers, or raise --max-num-queued-reqs if waiting is better than no answer.",
        unit: units.PercentUnit,
        query: ratio(orZero(rejected, finished), plus(finished, rejected)),
        steps: levels(thresholds.rejectionRatio),
      }),
      number({
        title: "HTTP 5xx",
        question:
          "What share of all HTTP answers blames the server? Requests that were turned away are among them, and those that failed before they came to an engine.",
        advice: "More than Errors and Turned away explain: the log of the API server.",
        unit: units.PercentUnit,
        query: ratio(orZero(http({ status: "5xx" }), http({})), http({})),
        steps: levels(thresholds.errorRatio),
      }),
      number({
        title: "Stalled engines",
        question:
          "How many engines have requests, but have not done a step for two minutes? Others of the same server or model may work.",
        advice: `See Instances for which. ${STALLED_ADVICE}`,
        unit: units.Short,
        query: math`count(${stalledEngines(now)}) or vector(0)`,
        steps: colours([
          [null, "green"],
          [1, "red"],
        ]),
      }),
      number({
        title: "Engines",
        question: "How many engines give metrics? Data-parallel ranks count one each.",
        advice:
          "Fewer than were started: see Targets down, and the log of the server with the missing rank.",
        unit: units.Short,
        query: math`count(${now.engines({ by: ["job", "instance", "model_name", "engine"] })}) or vector(0)`,
      }),
      // Six in a line: of eight, Grafana 12 beside its menu shows no more than "Requ…" of a title.
    ].map((panel) => ({ ...panel, width: 4, height: 3 })),
  };
}
