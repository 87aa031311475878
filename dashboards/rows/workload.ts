import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import { omittedPercentiles, timeSeriesPanel, type PanelArgs } from "../panels/index.ts";
import { LOOK_BACK, percentile, type Queries } from "../queries.ts";
import { TOKENS, TOKENS_PER_SECOND } from "../units.ts";

/** What clients ask of the models. */
export function workloadRow({ q, steady }: Queries): Row {
  const lengths = ({ metric, ...args }: Lengths) => {
    // By model: length buckets end at the model's maximum length, so those of two models cannot be
    // added.
    const by = ["model_name"] as const;
    const queries = [
      percentile(q, 0.95, metric, { by, legend: "{{model_name}}, P95" }),
      { expr: q.mean(metric, { by, window: LOOK_BACK }), legend: "{{model_name}}, mean" },
    ];
    return timeSeriesPanel({
      ...args,
      question: [args.question, BUCKETS, omittedPercentiles({ queries })].join(" "),
      unit: TOKENS,
      queries,
      drillDown: INSTANCES_OF_MODEL,
    });
  };
  return {
    title: "Workload",
    panels: [
      lengths({
        title: "Prompt length",
        question: "How long are the prompts?",
        advice:
          "Longer prompts explain a later first token and a fuller cache: talk to the clients, or add servers.",
        metric: metrics.requestPromptTokens,
      }),
      lengths({
        title: "Answer length",
        question: "How long are the answers?",
        advice: "Longer answers explain longer requests at an unchanged speed per token.",
        metric: metrics.requestGenerationTokens,
      }),
      lengths({
        title: "Prompt tokens computed per request",
        question: "How many tokens of a prompt are computed rather than found in a cache?",
        advice: "Near the prompt's length: the caches save nothing; see Cache hit rates.",
        metric: metrics.requestPrefillComputedTokens,
      }),
      lengths({
        title: "Answer length limit",
        question:
          "How long may answers be (max_tokens)? A limit far above the actual length is harmless; one below it truncates answers.",
        advice: "Compare Answer length here, and finish reason length on Overview.",
        metric: metrics.requestMaxTokensParameter,
      }),
      timeSeriesPanel({
        title: "Answers per request",
        question: "How many answers does a request ask for (n)? Each is generated separately.",
        advice:
          "Above 1, each request costs several answers: ask the clients whether they need that.",
        unit: units.Short,
        queries: [{ expr: steady.mean(metrics.requestNParameter), legend: "Mean" }],
      }),
      timeSeriesPanel({
        title: "Speed per request",
        question:
          "How many tokens per second does a running request get, on average? This is the speed a single user sees.",
        advice:
          "Below 10 tokens per second, text arrives slower than people read: use smaller batches, or add servers.",
        unit: TOKENS_PER_SECOND,
        queries: [{ expr: math`1 / ${q.mean(metrics.interTokenLatency)}`, legend: "Per request" }],
      }),
    ],
  };
}

type Lengths = Pick<PanelArgs, "title" | "question" | "advice"> & {
  metric: typeof metrics.requestPromptTokens;
};

/** The buckets of vLLM's length histograms (`build_1_2_5_buckets`). */
const BUCKETS =
  "P95 is only as exact as its bucket: 1, 2, 5, 10, 20, 50 … tokens, up to the model's maximum length.";
