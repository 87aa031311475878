/** Engines that hang while their health check passes. The alerts do not fire while an engine sleeps. */
import { percent } from "../../../common/percent.ts";
import { STALLED } from "../../../slo/recorded.ts";
import { math, metrics as m } from "../../../vllm/index.ts";
import { targetsUp, type RuleContext } from "../ruleContext.ts";
import { SUCCEEDED } from "../recording.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { STANDSTILL, WITNESSES } from "../stalledEngines.ts";
import { dashboardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function stallAlerts(context: RuleContext): RuleGroup<AlertRule> {
  return {
    name: "vllm-stalls",
    rules: [engineStalled(context), admissionStalled(context), noTokens(context)],
  };
}

function engineStalled(context: RuleContext): AlertRule {
  const { options } = context;
  return {
    name: "VllmEngineStalled",
    severity: "critical",
    concern: "stall",
    expr: math`${STALLED} unless ${waitsWithRoom(context)}`,
    meaning: "An engine of the server hangs",
    summary: "engine {{ $labels.engine }} of {{ $labels.instance }} hangs",
    description: `Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) made no step for ${options.thresholds.stallSeconds} s or more although it has work: HTTP requests end without a step, connections add up, streams are still open, or the other ranks of the server finish requests and this one does not. Its health check may still succeed.`,
    threshold: `no step in ${options.thresholds.stallSeconds} s, with work to do`,
    thresholds: ["stallSeconds"],
    origin: `A second witness is needed, since a gauge can keep its value after all requests have ended (vllm#22545, and the recording stuck-gauge): two HTTP answers without a step of any engine of the server, a stream that is still open, ${WITNESSES} more open connections, or ${WITNESSES} requests that the rank would have finished at its share of those before.`,
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

function admissionStalled(context: RuleContext): AlertRule {
  const { options } = context;
  const limit = options.thresholds.emptyKvCache;
  return {
    name: "VllmAdmissionStalled",
    severity: "critical",
    concern: "stall",
    expr: math`${STALLED} and ${waitsWithRoom(context)}`,
    meaning: "An engine of the server admits no request",
    summary: "engine {{ $labels.engine }} of {{ $labels.instance }} admits no request",
    description: `Requests wait for capacity at engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}), while nothing runs, no step is made for ${options.thresholds.stallSeconds} s or more, and the KV cache is less than ${percent(limit)} full.`,
    threshold: `no step in ${options.thresholds.stallSeconds} s, none running, KV cache below ${percent(limit)}`,
    thresholds: ["emptyKvCache", "stallSeconds"],
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}

/** Engines at which requests wait for capacity although there is plenty. */
function waitsWithRoom({ q, by: { engine: by }, options }: RuleContext): string {
  const capacity = q.max(m.requestsWaitingByReason, { by, where: { reason: "capacity" } });
  // Releases before 0.23 expose no reasons.
  const reasons = q.group(m.requestsWaitingByReason, { by });
  const waits = math`${capacity} > 0 or (${q.max(m.requestsWaiting, { by })} > 0 unless ${reasons})`;
  const empty = math`${q.max(m.kvCacheUsage, { by })} < ${options.thresholds.emptyKvCache}`;
  return math`(${waits}) and (${empty}) and (${q.max(m.requestsRunning, { by })} == 0)`;
}

function noTokens({ q, time, by: { engine: by }, options }: RuleContext): AlertRule {
  const window = time("5m");
  const up = targetsUp(q);
  const running = math`${q.min(m.requestsRunning, { by, window })} > 0`;
  const scraped = math`min_over_time(${up}[${window}]) == 1 and count_over_time(${up}[${window}]) >= 3`;
  const steps = math`${q.observations(m.iterationTokens, { by })} > 0`;
  // Pooling models answer without generating a token.
  const generates = math`max_over_time(instance:vllm_generation_tokens:rate5m[${time("1d")}]) > 0`;
  const answers = math`${q.rate(m.requestsFinished, { by, where: SUCCEEDED })} > 0`;
  const noToken = math`${q.rate(m.generationTokens, { by })} == 0 unless ${answers}`;
  return {
    name: "VllmNoTokens",
    severity: "critical",
    concern: "stall",
    expr: math`${running} and (${steps}) and (${noToken}) and on (job, instance) (${scraped}) and on (job, instance) (${generates}) unless ${STANDSTILL}`,
    for: time("1m"),
    meaning: "An engine of the server makes steps and generates no token",
    summary:
      "engine {{ $labels.engine }} of {{ $labels.instance }} makes steps and generates no token",
    description:
      "Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) makes steps and has had {{ $value }} requests or more running for five minutes, and generated no token in that time.",
    value: `${VALUE.number} running`,
    threshold: "no token in 5 min",
    origin: "The longest prompts are read within a minute; five without a token are no prefill.",
    dashboard: dashboardUrl(options.links, "instances", "instance"),
  };
}
