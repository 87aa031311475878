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
        advice: "A plateau while the queue grows is the model's limit: add servers.",
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
      stackedTimeSeriesPanel({
        title: "HTTP responses by status",
        question:
          "What do clients get? 4xx are the client's errors; they reach no engine, so no other panel counts them. 5xx are the server's, rejected requests included.",
        advice:
          "4xx: a client sends what the model does not take, such as too long a prompt. 5xx: the server's log.",
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
