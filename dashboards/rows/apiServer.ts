import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { lines, OFF, percentileLines, stackedLines, STATUS_COLOURS } from "../panels/index.ts";
import { ofChosenModels, percentile, type Queries } from "../queries.ts";

/** What HTTP clients see, before and beside the engines. */
export function apiServer({ q, bounds }: Queries): Row {
  const target = ["job", "instance"] as const;
  const handled = math`sum by (handler) (${ofChosenModels(q, q.total(metrics.httpDurationByHandler, { by: [...target, "handler"] }))})`;
  const calls = math`sum by (handler) (${ofChosenModels(q, q.observations(metrics.httpDurationByHandler, { by: [...target, "handler"] }))})`;
  return {
    title: "API server",
    panels: [
      stackedLines({
        title: "HTTP answers by status",
        question:
          "How are requests answered? 4xx are the client's faults and reach no engine, so no other panel counts them; 5xx are the server's.",
        advice:
          "4xx: a client sends what the model does not take, such as too long a prompt. 5xx: the server's log.",
        unit: units.RequestsPerSecond,
        width: 8,
        colours: STATUS_COLOURS,
        queries: [
          {
            expr: math`sum by (status) (${ofChosenModels(q, q.rate(metrics.httpRequests, { by: [...target, "status"] }))})`,
            legend: "{{status}}",
          },
        ],
      }),
      stackedLines({
        title: "HTTP requests by path",
        question: "What is called, and by which method of the API?",
        advice:
          "A path that should not be called, or a client that polls: find it in the log of what stands before vLLM.",
        unit: units.RequestsPerSecond,
        width: 8,
        queries: [
          {
            expr: math`sum by (handler, method) (${ofChosenModels(q, q.rate(metrics.httpRequests, { by: [...target, "handler", "method"] }))})`,
            legend: "{{method}} {{handler}}",
          },
        ],
      }),
      lines({
        title: "Mean HTTP duration by path",
        question: "How long does each path take, up to the end of the answer?",
        advice:
          "Longer than the end-to-end latency of the engines: the API server itself is short of CPU; add --api-server-count.",
        unit: units.Seconds,
        width: 8,
        queries: [{ expr: ratio(handled, calls), legend: "{{handler}}" }],
      }),
      percentileLines({
        title: "HTTP duration",
        question:
          "How long do all HTTP requests take, small ones such as lists of models included? Of the chosen instances, whatever their model.",
        advice: "Compare with End-to-end latency: a difference is time spent outside the engines.",
        unit: units.Seconds,
        width: 8,
        buckets: bounds(metrics.httpDuration),
        queries: [
          percentile(q, 0.95, metrics.httpDuration),
          percentile(q, 0.5, metrics.httpDuration),
          { expr: q.mean(metrics.httpDuration), legend: "Mean", lookBack: true },
        ],
      }),
      lines({
        title: "Tool calls parsed",
        question:
          "How often does a model's answer hold a call of a tool, and how often none? Streaming counts each piece.",
        advice:
          "Only no_tool_call where tools are offered: the parser may not fit the model (--tool-call-parser).",
        unit: units.OpsPerSecond,
        width: 8,
        empty: OFF,
        queries: [
          {
            expr: q.rate(metrics.toolCallParserInvocations, {
              by: ["outcome", "mode", "request_type"],
            }),
            legend: "{{outcome}}, {{mode}}, {{request_type}}",
          },
        ],
      }),
      lines({
        title: "Realtime connections",
        question:
          "How many WebSocket connections are open, how many are opened per minute, and how long do they last?",
        advice: "Many opened, few open: clients are cut off; see the proxy's time limits.",
        unit: units.Short,
        width: 8,
        empty: OFF,
        queries: [
          { expr: q.sum(metrics.webSocketsActive), legend: "Open" },
          { expr: math`60 * ${q.rate(metrics.webSockets)}`, legend: "Opened per minute" },
          { expr: q.mean(metrics.webSocketDuration), legend: "Mean duration, s" },
        ],
      }),
    ],
  };
}
