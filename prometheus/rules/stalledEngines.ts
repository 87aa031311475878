/** Which engines hang: they make no step, and something else shows that they have work. */
import { milliseconds, multiplyDuration } from "../../common/duration.ts";
import { STALLED } from "../../slo/recorded.ts";
import { canaryFailing, GENERATING_HANDLERS, math, metrics as m, plus } from "../../vllm/index.ts";
import { targetsUp, type RuleContext } from "./ruleContext.ts";
import type { RecordingRule } from "./rule.ts";

/**
 * A gauge above zero without a step does not prove a hang: `num_requests_running` can keep its last value
 * until the next request. This happens after all clients of an engine have disconnected (vllm#22545), or if
 * one of several API servers was slow: each reports the value that it was sent, and the last report wins
 * (the recording `stuck-gauge`, of 0.32). A gauge of zero does not prove that the engine is idle either: a
 * hanging engine updates no gauge, and HTTP requests are counted only when they end. So an engine without
 * steps counts as stalled only with a second witness:
 *
 * - HTTP requests end although no engine of the server makes a step;
 * - connections to the server add up (a process with several API servers does not expose them);
 * - streams are still open;
 * - other ranks of the server finish requests, and this rank should have had a share of them;
 * - the canary's completions fail. If requests wait at one of several API servers, the canary is the only
 *   witness.
 *
 * Once an engine counts as stalled, it stays so until its next step.
 */
export function standstillRules(context: RuleContext): RecordingRule[] {
  const { by } = context;
  return [
    { record: STANDSTILL, expr: standstill(context), has: by.engine },
    { record: NOT_RUNNING, expr: notRunning(context), has: TARGET },
    { record: NOT_RUNNING_BASE, expr: notRunningBase(context), has: TARGET },
    { record: STALLED, expr: stalled(context), has: by.engine },
  ];
}

/** 1 for each engine that is awake and made no step for `stallSeconds`. */
export const STANDSTILL = "engine:vllm_standstill:bool";

/** Streams of a server that seem to be still open, although their requests do not run. */
const NOT_RUNNING = "target:vllm_streams_not_running:count";

/** The same count from the time when the server's engines still made steps: the baseline. */
const NOT_RUNNING_BASE = "target:vllm_streams_not_running:base";

/** Number of successive scrapes that must have succeeded before their values prove anything. */
const SCRAPES = 3;

/** Requests that a rank should have finished, or connections that were added. Our choice. */
export const WITNESSES = 5;

/** How long an engine must make no step to count as standing still: long enough for some scrapes. */
function standstillWindow(context: RuleContext): string {
  const { time, options } = context;
  const asked = time(`${options.thresholds.stallSeconds}s`);
  const needed = scrapes(context, SCRAPES + 2);
  return milliseconds(asked) > milliseconds(needed) ? asked : needed;
}

/** The time that this many scrapes take; a drill does not shorten it. */
function scrapes({ options }: RuleContext, count: number): string {
  return multiplyDuration(`${Math.round(options.longestScrapeInterval * 1000)}ms`, count);
}

function standstill(context: RuleContext): string {
  const { q, by } = context;
  const window = standstillWindow(context);
  const up = targetsUp(q);
  const scraped = math`min_over_time(${up}[${window}]) == 1 and count_over_time(${up}[${window}]) >= ${SCRAPES}`;
  const asleep = math`${q.max(m.sleepState, { by: by.engine, where: { sleep_state: "awake" } })} == 0`;
  return math`group by (${by.engine.join(", ")}) (${noStep(context, window)}) and on (job, instance) (${scraped}) unless ${asleep}`;
}

function noStep({ q, by }: RuleContext, window: string): string {
  return math`${q.observations(m.iterationTokens, { by: by.engine, window })} == 0`;
}

function stalled(context: RuleContext): string {
  const { q, by, time, options } = context;
  // A low rate of requests needs the longer window.
  const windows = [standstillWindow(context), time("5m")];
  const witnesses = [
    requestsEnd(context),
    streamsAreOpen(context),
    ...windows.map((window) => connectionsAddUp(context, window)),
    ...windows.map((window) => othersFinish(context, window)),
    ...(options.canary ? [math`${STANDSTILL} and ${canaryFailing(q, by.engine)}`] : []),
  ];
  return [...witnesses, math`${STALLED} and ${STANDSTILL}`]
    .map((witness) => `(${witness})`)
    .join(" or ");
}

/** Engines of servers where no engine makes a step. */
function silent({ q, by }: RuleContext): string {
  const moving = math`${q.engines({ by: by.engine })} unless ${STANDSTILL}`;
  return math`${STANDSTILL} unless on (job, instance) (${moving})`;
}

function requestsEnd(context: RuleContext): string {
  // Two scrapes less than the standstill: so the window excludes requests that ended with the last step.
  const window = `${milliseconds(standstillWindow(context)) - milliseconds(scrapes(context, 2))}ms`;
  const ended = context.q.increase(m.httpRequests, { by: TARGET, window, where: ANSWERED });
  return math`${silent(context)} and on (job, instance) ${ended} >= 2`;
}

const TARGET = ["job", "instance"] as const;
const ANSWERED = { handler: GENERATING_HANDLERS, status: "2xx" } as const;

/**
 * More streams are open than the baseline, which was taken when the engines still made steps. If nothing
 * runs, waiting requests count too, minus those whose clients have disconnected.
 */
function streamsAreOpen(context: RuleContext): string {
  const { q } = context;
  const open = math`${unended(context)} - on (job, instance) ${NOT_RUNNING_BASE}`;
  const idle = math`${q.sum(m.requestsRunning, { by: TARGET })} == 0`;
  const waiting = math`${q.sum(m.requestsWaiting, { by: TARGET })} and on (job, instance) (${idle})`;
  const left = math`${open} > 0 or (${open} + on (job, instance) (${waiting})) > 0`;
  return math`${withRequests(context)} and ${silent(context)} and on (job, instance) (${left})`;
}

/**
 * While all is well, every open stream runs, and this value is about 0. It drifts: an HTTP request with
 * several prompts has several first tokens but only one end, and a client that disconnects before the first
 * token ends a stream that never began. So the value is compared with its value a moment ago.
 */
function notRunning(context: RuleContext): string {
  return math`${unended(context)} - on (job, instance) ${context.q.sum(m.requestsRunning, { by: TARGET })}`;
}

/**
 * The highest recent value, so that a request whose end is not counted yet proves nothing. It is kept from
 * the last evaluation that saw steps.
 */
function notRunningBase(context: RuleContext): string {
  const { q } = context;
  const steps = math`${q.observations(m.iterationTokens, { by: TARGET, window: scrapes(context, 3) })} > 0`;
  const window = standstillWindow(context);
  const up = math`min_over_time(${targetsUp(q)}[${window}]) == 1`;
  return math`(max_over_time(${NOT_RUNNING}[${window}]) and on (job, instance) (${steps})) or (${NOT_RUNNING_BASE} and on (job, instance) (${up}))`;
}

/** First tokens minus HTTP requests that ended, since the server's start. */
function unended(context: RuleContext): string {
  const { q } = context;
  const read = { by: TARGET, window: scrapes(context, 3) };
  const ended = q.sinceStart(m.httpRequests, { ...read, where: ANSWERED });
  return math`${q.sinceStart(m.timeToFirstToken, read)} - ${ended}`;
}

/** Engines that stand still although their gauges show requests. */
function withRequests({ q, by }: RuleContext): string {
  const running = q.sum(m.requestsRunning, { by: by.engine });
  const waiting = q.sum(m.requestsWaiting, { by: by.engine });
  return math`${STANDSTILL} and ${plus(running, waiting)} > 0`;
}

/** Seen on 0.32 with one API server: each hanging request keeps a file open. */
function connectionsAddUp(context: RuleContext, window: string): string {
  const files = context.q.series(m.processOpenFiles);
  const added = math`${files} - ${files} offset ${window} >= ${WITNESSES}`;
  return math`${silent(context)} and (${noStep(context, window)}) and on (job, instance) (${added})`;
}

/**
 * Ranks that should have finished requests by now, judged by their share over a window six times as long.
 */
function othersFinish(context: RuleContext, window: string): string {
  const { q, by } = context;
  const past = multiplyDuration(window, 6);
  const own = q.increase(m.requestsFinished, { by: by.engine, window: past });
  const all = q.increase(m.requestsFinished, { by: TARGET, window: past });
  const now = q.increase(m.requestsFinished, { by: TARGET, window });
  const share = math`${own} / on (job, instance) group_left () (${all} > 0)`;
  const missed = math`${share} * on (job, instance) group_left () ${now}`;
  return math`${STANDSTILL} and (${noStep(context, window)}) and ${missed} >= ${WITNESSES}`;
}
