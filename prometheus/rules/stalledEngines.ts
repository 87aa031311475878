/** Which engines hang: they make no step, and something else shows that they have work. */
import { milliseconds, multiplyDuration } from "../../common/duration.ts";
import { STALLED } from "../../slo/recorded.ts";
import { canaryFailing, GENERATING_HANDLERS, math, metrics as m, plus } from "../../vllm/index.ts";
import { targetsUp, type RuleContext } from "./ruleContext.ts";
import type { RecordingRule } from "./rule.ts";

/**
 * A gauge above zero without a step is no proof of a hang: when all clients of an engine disconnect,
 * `num_requests_running` keeps its last value until the next request (vllm#22545, seen on 0.32). And a
 * gauge of zero is no proof of rest: an engine that hangs updates none, and HTTP requests are counted
 * when they end. So an engine without steps counts as stalled only with a second witness:
 *
 * - HTTP requests end although no engine of the server makes a step;
 * - connections to the server add up (a process with several API servers does not expose them);
 * - streams are still open;
 * - other ranks of the server finish what this one would have had a share of;
 * - the canary's completions fail. Where requests wait at one of several API servers, it is the only
 *   witness.
 *
 * Once stalled, it stays so until its next step.
 */
export function standstillRules(context: RuleContext): RecordingRule[] {
  const { by } = context;
  return [
    { record: STANDSTILL, expr: standstill(context), has: by.engine },
    { record: DISCONNECTS_BASE, expr: disconnectsBase(context), has: TARGET },
    { record: STALLED, expr: stalled(context), has: by.engine },
  ];
}

/** 1 for each engine that is awake and made no step for `stallSeconds`. */
export const STANDSTILL = "engine:vllm_standstill:bool";

/** Clients that had disconnected from a server when its engines made their last step. */
const DISCONNECTS_BASE = "target:vllm_client_disconnects:last";

/** Scrapes that must have succeeded, one after the other, before their values prove anything. */
const SCRAPES = 3;

/** Requests that a rank should have finished, or connections that were added. Our choice. */
export const WITNESSES = 5;

/** How long an engine makes no step before it stands still: long enough for some scrapes. */
function standstillWindow(context: RuleContext): string {
  const { time, options } = context;
  const asked = time(`${options.thresholds.stallSeconds}s`);
  const needed = scrapes(context, SCRAPES + 2);
  return milliseconds(asked) > milliseconds(needed) ? asked : needed;
}

/** The time of so many scrapes, which a drill does not make shorter. */
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
  // A low rate of requests takes the longer one.
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

/** Engines of servers none of whose engines makes a step. */
function silent({ q, by }: RuleContext): string {
  const moving = math`${q.engines({ by: by.engine })} unless ${STANDSTILL}`;
  return math`${STANDSTILL} unless on (job, instance) (${moving})`;
}

function requestsEnd(context: RuleContext): string {
  // Two scrapes less than the standstill: requests that ended with the last step are not in it.
  const window = `${milliseconds(standstillWindow(context)) - milliseconds(scrapes(context, 2))}ms`;
  const ended = context.q.increase(m.httpRequests, { by: TARGET, window, where: ANSWERED });
  return math`${silent(context)} and on (job, instance) ${ended} >= 2`;
}

const TARGET = ["job", "instance"] as const;
const ANSWERED = { handler: GENERATING_HANDLERS, status: "2xx" } as const;

/**
 * Fewer clients have disconnected since the last step than the gauges show requests. A negative number
 * comes from HTTP requests with several prompts, and proves nothing.
 */
function streamsAreOpen(context: RuleContext): string {
  const { q } = context;
  const requests = plus(
    q.sum(m.requestsRunning, { by: TARGET }),
    q.sum(m.requestsWaiting, { by: TARGET }),
  );
  const gone = math`${disconnects(context)} - on (job, instance) ${DISCONNECTS_BASE}`;
  return math`${withRequests(context)} and ${silent(context)} and on (job, instance) (${gone} >= 0 < on (job, instance) (${requests}))`;
}

/** The number of disconnects before the last step: it is kept from the last evaluation that saw steps. */
function disconnectsBase(context: RuleContext): string {
  const { q } = context;
  const recent = scrapes(context, 3);
  const steps = math`${q.observations(m.iterationTokens, { by: TARGET, window: recent })} > 0`;
  const before = disconnects(context, scrapes(context, 4));
  const up = math`min_over_time(${targetsUp(q)}[${standstillWindow(context)}]) == 1`;
  return math`(${before} and on (job, instance) (${steps})) or (${DISCONNECTS_BASE} and on (job, instance) (${up}))`;
}

/** HTTP requests that ended without an engine's request that finished, since the server's start. */
function disconnects(context: RuleContext, offset?: string): string {
  const { q } = context;
  const read = { by: TARGET, window: scrapes(context, 3), ...(offset !== undefined && { offset }) };
  const ended = q.sinceStart(m.httpRequests, { ...read, where: ANSWERED });
  return math`${ended} - ${q.sinceStart(m.requestsFinished, read)}`;
}

/** Engines that stand still although their gauges show requests. */
function withRequests({ q, by }: RuleContext): string {
  const running = q.sum(m.requestsRunning, { by: by.engine });
  const waiting = q.sum(m.requestsWaiting, { by: by.engine });
  return math`${STANDSTILL} and ${plus(running, waiting)} > 0`;
}

/** Seen on 0.32 with one API server: each request that hangs keeps a file open. */
function connectionsAddUp(context: RuleContext, window: string): string {
  const files = context.q.series(m.processOpenFiles);
  const added = math`${files} - ${files} offset ${window} >= ${WITNESSES}`;
  return math`${silent(context)} and (${noStep(context, window)}) and on (job, instance) (${added})`;
}

/** What a rank would have finished, at its share of six times as long. */
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
