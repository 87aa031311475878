/** What the dashboard `vLLM / Overview` shows. */
import assert from "node:assert/strict";
import { VERDICTS } from "../../dashboards/verdict.ts";
import { thresholds } from "../../dashboards/thresholds.ts";
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";
import {
  aborted,
  clientAbortShare,
  failed,
  preempted,
  queueShare,
  rejected,
  waiting,
} from "./shares.ts";
import { DOWN, SLEEPING, STALLED, stalledEngines, stateOf } from "./states.ts";

const LEVELS = thresholds.parse({});
const byModel = { by: ["model_name"] };

/** Whether more requests wait than run. */
const isQueueing = (part: FleetPart) =>
  part.level(metrics.requestsWaiting) > part.level(metrics.requestsRunning);

const isAtWork = (part: FleetPart) =>
  part.rate(metrics.requestsFinished) > 0 || part.rate(metrics.generationTokens) > 0;

/** The rules for the verdict. The first rule that matches wins. */
function verdictOn(part: FleetPart): string {
  const from = (value: number | undefined, level: number) => value !== undefined && value >= level;
  const { queueTime, prefillTime, timeToFirstToken, interTokenLatency } = metrics;
  const kvCache = Math.max(...part.levels(metrics.kvCacheUsage));
  const prefills = (part.mean(prefillTime) ?? 0) > (part.mean(queueTime) ?? 0);
  if (stateOf(part) === DOWN) return "Down";
  if (stateOf(part) === SLEEPING) return "Sleeping";
  if (stateOf(part) === STALLED) return "Stalled";
  if (from(failed(part), LEVELS.errorRatio.critical)) return "Errors";
  if (from(rejected(part), LEVELS.rejectionRatio.critical)) return "Admission";
  if (from(aborted(part), LEVELS.abortRatio.warning)) return "Client aborts";
  if (from(preempted(part), LEVELS.preemptionRatio.warning)) return "KV-bound";
  if (from(kvCache, LEVELS.kvCacheUsage.warning) && part.level(metrics.requestsWaiting) > 0)
    return "KV-bound";
  if (from(queueShare(part), LEVELS.queueShare.critical) || isQueueing(part)) return "Queue-bound";
  if (from(part.mean(timeToFirstToken), LEVELS.timeToFirstToken.warning) && prefills)
    return "Prefill-bound";
  if (from(part.mean(interTokenLatency), LEVELS.interTokenLatency.warning)) return "Decode-bound";
  return isAtWork(part) ? "Healthy" : "No traffic";
}

/** The expected verdicts, so that a mistake in both sets of rules does not go unnoticed. */
const VERDICT_OF: Readonly<Record<string, string>> = {
  gone: "Down",
  asleep: "Sleeping",
  stuck: "Stalled",
  half: "Stalled",
  mistral: "Errors",
  small: "Admission",
  qwen: "KV-bound",
  queue: "Queue-bound",
  backlog: "Queue-bound",
  prefill: "Prefill-bound",
  decode: "Decode-bound",
  coder: "Client aborts",
  embedding: "Healthy",
  llama: "Healthy",
  unused: "No traffic",
};

function verdict(part: FleetPart): number {
  const word = verdictOn(part);
  const { model_name = "" } = part.labels;
  assert.equal(word, VERDICT_OF[model_name] ?? word, `The fleet's ${model_name} is not as meant.`);
  return VERDICTS.findIndex(({ text }) => text === word);
}

export const overview: is.DashboardValues = {
  "Firing alerts": is.listed("nothing", "This Prometheus has no alerts."),

  Errors: [is.value(metrics.requestsFinished, [], failed)],
  "TTFT P95": [is.quantile(0.95, metrics.timeToFirstToken)],
  "ITL P95": [is.quantile(0.95, metrics.interTokenLatency)],
  "E2E P95": [is.quantile(0.95, metrics.endToEndLatency)],
  "Servers down": [is.targetsDown("vllm")],
  Waiting: [
    is.value(metrics.requestsWaiting, [], (part) => {
      const models = part.by(["model_name"], metrics.requestsWaiting);
      const shares = models.flatMap((model) => waiting(model) ?? []);
      return shares.length === 0 ? undefined : Math.max(...shares);
    }),
  ],
  "Fullest KV cache": [is.max(metrics.kvCacheUsage)],
  "Stalled engines": [
    {
      ...{ by: [], of: metrics.requestsRunning, parts: (whole) => [whole] },
      value: stalledEngines,
    },
  ],

  "Bottleneck by model": [
    { by: ["model_name"], of: metrics.requestsRunning, seen: 3600, value: verdict },
    is.positive(is.rate(metrics.requestsFinished, byModel)),
    is.value(metrics.requestsWaiting, ["model_name"], waiting),
    is.max(metrics.kvCacheUsage, byModel),
    is.quantile(0.95, metrics.timeToFirstToken, byModel),
    is.quantile(0.95, metrics.interTokenLatency, byModel),
    is.value(metrics.requestsFinished, ["model_name"], failed),
    clientAbortShare(["model_name"]),
    is.value(metrics.requestsFinished, ["model_name"], rejected),
  ],

  "Time to first token (TTFT)": is.percentiles(metrics.timeToFirstToken),
  "Inter-token latency (ITL)": is.percentiles(metrics.interTokenLatency),
  "End-to-end latency": is.percentiles(metrics.endToEndLatency),
  "Queue time": is.percentiles(metrics.queueTime),

  "Generated tokens by model": [is.rate(metrics.generationTokens, byModel)],
  "Requests by finish reason": [is.rate(metrics.requestsFinished, { by: ["finished_reason"] })],

  "HTTP responses by status": [is.rate(metrics.httpRequests, { by: ["status"] })],

  "Requests running and waiting": [
    is.sum(metrics.requestsRunning),
    is.sum(metrics.requestsWaitingByReason, { by: ["reason"] }),
  ],
  "KV cache usage": [
    is.max(metrics.kvCacheUsage),
    is.average(metrics.kvCacheUsage),
    is.blank(is.min(metrics.kvCacheUsage), "Some engine is always idle."),
  ],
};
