import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCES_OF_MODEL } from "../drillDowns.ts";
import {
  FINISH_COLOURS,
  timeSeriesPanel,
  stackedTimeSeriesPanel,
  STATUS_COLOURS,
} from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** How much the servers do, and how requests end. */
export function throughputRow({ q }: Queries): Row {
  return {
    title: "Throughput",
    panels: [
      timeSeriesPanel({
        title: "Generated tokens by model",
        question: "How many tokens does each model generate per second?",
        advice: "A plateau while the queue grows: the servers are at their limit; add servers.",
        unit: TOKENS_PER_SECOND,
        width: 8,
        queries: [
          {
            expr: q.rate(metrics.generationTokens, { by: ["model_name"] }),
            legend: "{{model_name}}",
          },
        ],
        drillDown: INSTANCES_OF_MODEL,
      }),
      stackedTimeSeriesPanel({
        title: "Requests by finish reason",
        question:
          "Why do requests end? stop: complete; length: cut at the limit; abort: aborted; error: failed; repetition: stopped for repeating itself.",
        advice:
          "Errors: see the server's log. Many cut at the limit: clients set max_tokens too low.",
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
      stackedTimeSeriesPanel({
        title: "HTTP responses by status",
        question:
          "What do clients get? 4xx are client errors; they reach no engine, so no other panel counts them. 5xx are server errors, including rejected requests.",
        advice:
          "4xx: a client sends something the model does not accept, such as an overlong prompt. 5xx: see the server's log.",
        unit: units.RequestsPerSecond,
        width: 8,
        colours: STATUS_COLOURS,
        queries: [
          {
            expr: q.rate(metrics.httpRequests, { by: ["status"] }),
            legend: "{{status}}",
          },
        ],
      }),
    ],
  };
}
