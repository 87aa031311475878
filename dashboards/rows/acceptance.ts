import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio, type Promql } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { timeSeriesPanel, statPanel, OFF, stackedTimeSeriesPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS, TOKENS_PER_SECOND } from "../units.ts";

/** How many of the guessed tokens are right, and what that saves. */
export function acceptanceRows({ q, steady, now }: Queries): Row[] {
  const tile = { width: 6, empty: OFF };
  const half = { width: 12, empty: OFF };
  const by = ["model_name"] as const;
  const length = (of: typeof q, options: { by?: typeof by } = {}) =>
    math`1 + ${ratio(of.rate(metrics.acceptedTokens, options), of.rate(metrics.drafts, options))}`;
  const generated = ofEnginesThatGuess(now);
  const rejected = math`${q.rate(metrics.draftTokens)} - ${q.rate(metrics.acceptedTokens)}`;
  return [
    {
      panels: [
        statPanel({
          ...tile,
          title: "Acceptance rate",
          question: "What share of the draft tokens is accepted?",
          advice:
            "Below about 40 %, speculation costs more than it saves: draft fewer tokens, or turn it off.",
          unit: units.PercentUnit,
          query: ratio(now.rate(metrics.acceptedTokens), now.rate(metrics.draftTokens)),
        }),
        statPanel({
          ...tile,
          title: "Tokens per step",
          question:
            "How many tokens does a request gain per step, on average? 1 without speculation.",
          advice: "Barely above 1: the draft model does not suit the model or the text.",
          unit: TOKENS,
          decimals: 2,
          query: length(now),
        }),
        statPanel({
          ...tile,
          title: "Output from drafts",
          question:
            "What share of the generated tokens came from drafts? Only engines that speculate count.",
          advice:
            "Low despite a high acceptance rate: drafts are too short; raise num_speculative_tokens.",
          unit: units.PercentUnit,
          query: ratio(now.rate(metrics.acceptedTokens), generated),
        }),
        statPanel({
          ...tile,
          title: "Drafts",
          question: "How many drafts are made per second?",
          advice:
            "Zero while tokens are generated: speculation is off, or not possible for these requests.",
          unit: units.OpsPerSecond,
          query: now.rate(metrics.drafts),
        }),
      ],
    },
    {
      title: "Speculative decoding",
      panels: [
        timeSeriesPanel({
          ...half,
          title: "Acceptance rate by model",
          question: "What share of each model's draft tokens is accepted?",
          advice:
            "A drop with new traffic: the text differs from what the draft model was trained on.",
          unit: units.PercentUnit,
          max: 1,
          queries: [
            {
              expr: ratio(
                steady.rate(metrics.acceptedTokens, { by }),
                steady.rate(metrics.draftTokens, { by }),
              ),
              legend: "{{model_name}}",
            },
          ],
        }),
        timeSeriesPanel({
          ...half,
          title: "Acceptance rate by position",
          question:
            "How often is the first, second, … draft token accepted? Each requires the ones before it.",
          advice:
            "Positions near 0 are wasted: lower num_speculative_tokens to the last position worth drafting.",
          unit: units.PercentUnit,
          max: 1,
          queries: [
            {
              expr: math`${steady.rate(metrics.acceptedTokensByPosition, { by: ["position"] })} / on () group_left () (${steady.rate(metrics.drafts)} > 0)`,
              legend: "Position {{position}}",
            },
          ],
        }),
        timeSeriesPanel({
          ...half,
          title: "Tokens per step by model",
          question: "How many tokens does a request gain per step, by model?",
          advice: "Compare with the inter-token latency: it should fall as this rises.",
          unit: TOKENS,
          queries: [{ expr: length(steady, { by }), legend: "{{model_name}}" }],
        }),
        stackedTimeSeriesPanel({
          ...half,
          title: "Guessed tokens",
          question: "How many draft tokens are accepted, and how many are wasted?",
          advice:
            "Many wasted under high load: speculation slows other requests; turn it off above a certain load.",
          unit: TOKENS_PER_SECOND,
          queries: [
            { expr: q.rate(metrics.acceptedTokens), legend: "Accepted" },
            { expr: rejected, legend: "Rejected" },
          ],
        }),
      ],
    },
  ];
}

/** Tokens per second that the engines that guess tokens generate. */
function ofEnginesThatGuess(q: Promql): string {
  const by = ["job", "instance", "model_name", "engine"] as const;
  const [all, drafts] = [q.rate(metrics.generationTokens, { by }), q.rate(metrics.drafts, { by })];
  return math`sum(${all} and on (${by.join(", ")}) ${drafts})`;
}
