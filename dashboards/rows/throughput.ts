import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import { FINISH_COLOURS, lines, stackedLines } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** What goes through, and how it ends. */
export function throughput({ q }: Queries): Row {
  const by = ["model_name"] as const;
  const drillDown = INSTANCES_OF_MODEL;
  return {
    title: "Throughput",
    panels: [
      lines({
        title: "Prompt tokens by model",
        question:
          "How many prompt tokens does each model take in per second, cached ones included?",
        advice: "A jump of one model alone: a client sends longer prompts or more of them.",
        unit: TOKENS_PER_SECOND,
        width: 8,
        queries: [{ expr: q.rate(metrics.promptTokens, { by }), legend: "{{model_name}}" }],
        drillDown,
      }),
      lines({
        title: "Generated tokens by model",
        question: "How many tokens does each model generate per second?",
        advice: "A plateau while the queue grows is the model's limit: add servers.",
        unit: TOKENS_PER_SECOND,
        width: 8,
        queries: [{ expr: q.rate(metrics.generationTokens, { by }), legend: "{{model_name}}" }],
        drillDown,
      }),
      stackedLines({
        title: "Requests by how they end",
        question:
          "Why do requests end? stop: complete; length: cut at the limit; abort: given up; error: failed; repetition: stopped for repeating itself.",
        advice:
          "Errors: the server's log. Many cut at the limit: clients ask for too small a max_tokens.",
        unit: units.RequestsPerSecond,
        width: 8,
        colours: FINISH_COLOURS,
        queries: [
          {
            expr: q.rate(metrics.requestsFinished, { by: ["finished_reason"] }),
            legend: "{{finished_reason}}",
          },
        ],
      }),
    ],
  };
}
