/** Engines that stand still while their health check says all is well. Quiet while one sleeps. */
import { percent } from "../../../common/percent.ts";
import { math, metrics as m } from "../../../vllm/index.ts";
import type { RuleContext } from "../context.ts";
import { ANSWERED, ENGINE_STEPS, FINISHED_BEFORE_STANDSTILL } from "../recording.ts";
import type { AlertRule, RuleGroup } from "../rule.ts";
import { originOf } from "../thresholds.ts";
import { boardUrl } from "./links.ts";
import { VALUE } from "./values.ts";

export function stallAlerts(context: RuleContext): RuleGroup<AlertRule> {
  const evidence = evidenceOf(context);
  return {
    name: "vllm-stalls",
    rules: [
      engineStalled(context, evidence),
      admissionStalled(context, evidence),
      noTokens(context, evidence),
      gaugesStuck(context, evidence),
    ],
  };
}

/** Requests within half an hour from which on an engine counts as in steady use. */
const BUSY = 30;

type Evidence = ReturnType<typeof evidenceOf>;

/** What the last five minutes say of each engine. */
function evidenceOf({ q, time, by: { engine: by }, options }: RuleContext) {
  const during = { by, window: time("5m") };
  const empty = options.thresholds.emptyKvCache;
  const asleep = math`${q.max(m.sleepState, { by, where: { sleep_state: "awake" } })} == 0`;
  const cacheEmpty = math`${q.max(m.kvCacheUsage, during)} < ${empty}`;
  const nothingRuns = math`${q.max(m.requestsRunning, during)} == 0`;
  // Before 0.23 there are no reasons.
  const capacity = q.min(m.requestsWaitingByReason, { ...during, where: { reason: "capacity" } });
  const any = q.min(m.requestsWaiting, during);
  const reasons = q.group(m.requestsWaitingByReason, { by });
  const waitsForRoom = math`${capacity} > 0 or (${any} > 0 unless ${reasons})`;
  const noStep = math`${ENGINE_STEPS} == 0`;
  const generates = math`max_over_time(instance:vllm_generation_tokens:rate5m[${time("1d")}]) > 0`;
  const answers = math`${q.rate(m.requestsFinished, { by, where: ANSWERED })} > 0`;
  return {
    waiting: math`${q.min(m.requestsWaiting, during)} > 0`,
    running: math`${q.min(m.requestsRunning, during)} > 0`,
    noStep,
    steps: math`${ENGINE_STEPS} > 0`,
    // Pooling models answer without a token.
    noToken: math`${q.rate(m.generationTokens, { by })} == 0 and on (job, instance) ${generates} unless ${answers}`,
    // A pooling model's requests run for moments and take no room: but it makes steps.
    waitsInVain: math`${waitsForRoom} and (${cacheEmpty} and ${nothingRuns} and ${noStep})`,
    // Had all clients gone away, the next request would soon have told.
    wasBusy: math`${FINISHED_BEFORE_STANDSTILL} >= ${BUSY}`,
    unlessAsleep: (query: string) => math`${query} unless ${asleep}`,
  };
}

function engineStalled({ time, options }: RuleContext, evidence: Evidence): AlertRule {
  const { waiting, running, noStep, wasBusy, waitsInVain, unlessAsleep } = evidence;
  const hangs = math`${waiting} and ${noStep} unless (${waitsInVain})`;
  const hangsWithoutQueue = math`${running} and ${noStep} and ${wasBusy}`;
  return {
    name: "VllmEngineStalled",
    severity: "critical",
    concern: "stall",
    expr: unlessAsleep(math`${hangs} or (${hangsWithoutQueue})`),
    for: time("1m"),
    summary: "{{ $labels.instance }} stands still, with requests to answer",
    description:
      "Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) made no step for five minutes, while {{ $value }} requests or more wait or run. Its health check may still succeed.",
    value: `${VALUE.number} waiting or running`,
    threshold: "no step in 5 min",
    origin: `A working engine makes many steps a second; five minutes without any is no pause. Seen in Tanguille/cluster#4593 with /health 200. Without a queue only where ${BUSY} requests were finished in the half hour before: then new ones would have cleared a gauge that is merely stuck (vllm#22545).`,
    board: boardUrl(options.links, "instances", "instance"),
  };
}

function admissionStalled({ time, options }: RuleContext, evidence: Evidence): AlertRule {
  const limit = options.thresholds.emptyKvCache;
  return {
    name: "VllmAdmissionStalled",
    severity: "critical",
    concern: "stall",
    expr: evidence.unlessAsleep(evidence.waitsInVain),
    for: time("1m"),
    summary: "{{ $labels.instance }} lets no request in, although it has room",
    description: `For five minutes {{ $value }} requests or more wait for capacity at engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}), while nothing runs and the KV cache is less than ${percent(limit)} full.`,
    value: `${VALUE.number} waiting`,
    threshold: `none running in 5 min, with the cache below ${percent(limit)}`,
    origin: originOf("emptyKvCache"),
    board: boardUrl(options.links, "instances", "instance"),
  };
}

function noTokens({ time, options }: RuleContext, evidence: Evidence): AlertRule {
  const { running, steps, noToken, unlessAsleep } = evidence;
  return {
    name: "VllmNoTokens",
    severity: "critical",
    concern: "stall",
    expr: unlessAsleep(math`${running} and (${noToken}) and ${steps}`),
    for: time("1m"),
    summary: "{{ $labels.instance }} works and generates nothing",
    description:
      "Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) makes steps and has {{ $value }} requests or more running, and for five minutes not one token came of it.",
    value: `${VALUE.number} running`,
    threshold: "no token in 5 min",
    origin: "The longest prompts are read within a minute; five without a token are no prefill.",
    board: boardUrl(options.links, "instances", "instance"),
  };
}

function gaugesStuck({ time, options }: RuleContext, evidence: Evidence): AlertRule {
  const { running, waiting, noStep, wasBusy, unlessAsleep } = evidence;
  return {
    name: "VllmGaugesStuck",
    severity: "warning",
    concern: "stall",
    expr: unlessAsleep(math`${running} and ${noStep} unless (${waiting}) unless (${wasBusy})`),
    for: time("5m"),
    summary: "{{ $labels.instance }} says that requests run, but makes no step",
    description:
      "Engine {{ $labels.engine }} of {{ $labels.instance }} (model {{ $labels.model_name }}) shows {{ $value }} requests as running and made no step for ten minutes. Either all clients went away and the gauges stay until the next request, or the engine hangs: one request tells.",
    value: `${VALUE.number} running`,
    threshold: "no step in 10 min",
    origin:
      "Gauges stuck after mass aborts: vllm#22545, vllm#29928. Ten minutes, since without steady traffic metrics cannot tell the two cases apart.",
    board: boardUrl(options.links, "instances", "instance"),
  };
}
