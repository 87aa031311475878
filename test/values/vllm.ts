/** What the dashboard `vLLM` shows. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";

export const vllm: is.DashboardValues = {
  "E2E Request Latency": is.percentiles(metrics.endToEndLatency),
  "Token Throughput": [is.rate(metrics.promptTokens), is.rate(metrics.generationTokens)],
  "Inter Token Latency": is.percentiles(metrics.interTokenLatency),
  "Scheduler State": [is.sum(metrics.requestsRunning), is.sum(metrics.requestsWaiting)],
  "Time To First Token Latency": is.percentiles(metrics.timeToFirstToken),
  "Cache Utilization": [is.max(metrics.kvCacheUsage), is.average(metrics.kvCacheUsage)],
  "Request Prompt Length": [is.distribution(metrics.requestPromptTokens)],
  "Request Generation Length": [is.distribution(metrics.requestGenerationTokens)],
  "Finish Reason": [is.increase(metrics.requestsFinished, { by: ["finished_reason"] })],
  "Queue Time": [is.mean(metrics.queueTime)],
  "Requests Prefill and Decode Time": [is.mean(metrics.prefillTime), is.mean(metrics.decodeTime)],
  "Max Generation Token in Sequence Group": [is.mean(metrics.requestMaxGenerationTokens)],
};
