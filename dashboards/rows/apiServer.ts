import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import {
  timeSeriesPanel,
  OFF,
  percentileTimeSeriesPanel,
  stackedTimeSeriesPanel,
} from "../panels/index.ts";
import { LOOK_BACK, ofChosenModels, percentile, type Queries } from "../queries.ts";

/**
 * What HTTP clients see, outside the engines. Closed at first: it has a series for each server and
 * path.
 */
export function apiServerRow({ q, bounds }: Queries): Row {
  const target = ["job", "instance"] as const;
  const handled = math`sum by (handler) (${ofChosenModels(q, q.total(metrics.httpDurationByHandler, { by: [...target, "handler"] }))})`;
  const calls = math`sum by (handler) (${ofChosenModels(q, q.observations(metrics.httpDurationByHandler, { by: [...target, "handler"] }))})`;
  return {
    title: "API server",
    collapsed: true,
    panels: [
      stackedTimeSeriesPanel({
        title: "HTTP requests by path",
        question: "Which API paths are called, and with which HTTP method?",
        advice:
          "An unexpected path, or a client that polls: find the client in the load balancer's log.",
        unit: units.RequestsPerSecond,
        width: 8,
        queries: [
          {
            expr: math`sum by (handler, method) (${ofChosenModels(q, q.rate(metrics.httpRequests, { by: [...target, "handler", "method"] }))})`,
            legend: "{{method}} {{handler}}",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Mean HTTP duration by path",
        question: "How long does each path take, up to the end of the response?",
        advice:
          "Longer than the engines' end-to-end latency: the API server itself is short of CPU; raise --api-server-count.",
        unit: units.Seconds,
        width: 8,
        queries: [{ expr: ratio(handled, calls), legend: "{{handler}}" }],
      }),
      percentileTimeSeriesPanel({
        title: "HTTP duration",
        question:
          "How long do HTTP requests take, including small ones such as listing models? Covers the chosen instances, whatever their model.",
        advice: "Compare with End-to-end latency: a difference is time spent outside the engines.",
        unit: units.Seconds,
        width: 8,
        buckets: bounds(metrics.httpDuration),
        queries: [
          percentile(q, 0.95, metrics.httpDuration),
          percentile(q, 0.5, metrics.httpDuration),
          { expr: q.mean(metrics.httpDuration, { window: LOOK_BACK }), legend: "Mean" },
        ],
      }),
      timeSeriesPanel({
        title: "Tool calls parsed",
        question:
          "How often does an answer contain a tool call, and how often not? When streaming, each chunk counts.",
        advice:
          "Only no_tool_call although requests offer tools: the parser may not match the model (--tool-call-parser).",
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
      timeSeriesPanel({
        title: "Realtime connections",
        question:
          "How many WebSocket connections are open, how many are opened per minute, and how long do they last?",
        advice: "Many opened, few open: connections are cut; see the proxy's timeouts.",
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
