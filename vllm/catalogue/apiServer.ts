/** The API server: HTTP (prometheus-fastapi-instrumentator), WebSocket, tool calls. */
import { counter, gauge, histogram, summary } from "../metric.ts";

/**
 * The handlers whose requests an engine works on, as `http_requests_total` names them; others, such as
 * `/v1/models` or `/tokenize`, are answered by the API server alone. Taken from the routes of 0.32.
 */
export const GENERATING_HANDLERS = [
  ...["/v1/completions", "/v1/chat/completions", "/v1/chat/completions/batch", "/v1/responses"],
  ...["/v1/messages", "/inference/v1/generate", "/invocations", "/generative_scoring"],
  ...["/v1/audio/transcriptions", "/v1/audio/translations", "/cohere/v2/chat"],
  ...["/v1/embeddings", "/v2/embed", "/pooling", "/classify", "/score", "/v1/score"],
  ...["/rerank", "/v1/rerank", "/v2/rerank"],
] as const;

export const apiServerMetrics = {
  httpRequests: counter("http_requests", {
    unit: "requests",
    help: "Total number of requests by method, status and handler.",
    labels: { handler: "any", method: "any", status: ["1xx", "2xx", "3xx", "4xx", "5xx"] },
  }),
  httpRequestSize: summary("http_request_size_bytes", {
    unit: "bytes",
    help: "Content length of incoming requests by handler. Only value of header is respected. Otherwise ignored. No percentile calculated. ",
    labels: { handler: "any" },
  }),
  httpResponseSize: summary("http_response_size_bytes", {
    unit: "bytes",
    help: "Content length of outgoing responses by handler. Only value of header is respected. Otherwise ignored. No percentile calculated. ",
    labels: { handler: "any" },
  }),
  httpDuration: histogram("http_request_duration_highr_seconds", {
    unit: "seconds",
    help: "Latency with many buckets but no API specific labels. Made for more accurate percentile calculations. ",
    labels: {},
    buckets: [
      0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0,
      7.5, 10.0, 30.0, 60.0,
    ],
  }),
  httpDurationByHandler: histogram("http_request_duration_seconds", {
    unit: "seconds",
    help: "Latency with only few buckets by handler. Made to be only used if aggregation by handler is important. ",
    labels: { handler: "any", method: "any" },
    buckets: [0.1, 0.5, 1],
  }),
  webSocketsActive: gauge("vllm:websocket_connections_active", {
    unit: "none",
    help: "Number of currently active WebSocket connections.",
    labels: {},
    enabledBy: "a model for the realtime API",
    since: "0.18",
  }),
  webSockets: counter("vllm:websocket_connections", {
    unit: "none",
    help: "Total number of WebSocket connections.",
    labels: {},
    enabledBy: "a model for the realtime API",
    since: "0.18",
  }),
  webSocketDuration: histogram("vllm:websocket_connection_duration_seconds", {
    unit: "seconds",
    help: "Duration of WebSocket connections in seconds.",
    labels: {},
    buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
    enabledBy: "a model for the realtime API",
    since: "0.18",
  }),
  toolCallParserInvocations: counter("vllm:tool_call_parser_invocations", {
    unit: "none",
    help: "Total number of ToolParser invocations. Non-streaming increments once per choice; streaming increments once per delta.",
    labels: {
      model_name: "any",
      mode: ["streaming", "non_streaming"],
      outcome: ["tool_call", "no_tool_call"],
      request_type: ["chat_completions", "responses", "other"],
    },
    enabledBy: "--tool-call-parser",
    since: "0.28",
  }),
};
