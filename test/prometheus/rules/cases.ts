/** When each alert fires, and when it just does not. */
import type { AlertName, RuleOptions } from "../../../prometheus/rules/index.ts";
import { always, from, type Course, type Life } from "./life.ts";

/** One course of events and the alerts that fire at its end; the Watchdog does so in all. */
export interface Case {
  name: string;
  /** What happens to server a:8000; b:8000 serves the same model in health, unless `alone`. */
  life?: Partial<Life>;
  alone?: boolean;
  /** The stack's own series where they are not in health: values of levels, rates of counters. */
  own?: Record<string, Course>;
  minutes: number;
  fires?: AlertName[];
  /** Alerts for which this is just not enough. */
  spares?: AlertName[];
  options?: Partial<RuleOptions>;
}

const MIDDLE = 20 * 60;
/** One value until a minute, another from then on. */
export const since = (minutes: number, after: number, before: number) =>
  from(minutes * 60, after, before);

/** Rises by so many a minute. */
const rising =
  (perMinute: number, start = 0): Course =>
  (at) =>
    start + (at / 60) * perMinute;

/** Starts anew at each of these minutes. */
const starts =
  (...minutes: number[]): Course =>
  (at) =>
    1000 + minutes.filter((minute) => at >= minute * 60).length;

const NO_OBJECTIVES: Partial<RuleOptions> = { objectives: [] };
const standing: Partial<Life> = {
  ...{ steps: since(20, 0, 30), tokens: since(20, 0, 100), finished: since(20, 0, 1) },
  http: since(20, 0, 1),
};
const stalled: Partial<Life> = { ...standing, waiting: since(20, 5, 0), capacity: since(20, 5, 0) };
const jammed: Partial<Life> = {
  ...stalled,
  running: since(20, 0, 4),
  kvCache: since(20, 0.04, 0.3),
};

/** Cases without objectives, so that only the symptom itself can fire. */
export const SYMPTOMS: Case[] = [
  // Nothing is wrong.
  { name: "health", minutes: 40 },
  {
    name: "idle",
    life: {
      ...{ running: always(0), finished: always(0), tokens: always(0), steps: always(0) },
      ...{ http: always(0), kvCache: always(0) },
    },
    minutes: 40,
  },
  {
    name: "asleep, whatever the gauges say",
    life: { ...stalled, awake: since(20, 0, 1) },
    minutes: 40,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "asleep with an empty cache",
    life: { ...jammed, awake: since(20, 0, 1) },
    minutes: 40,
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "asleep with stuck gauges",
    life: { ...standing, awake: since(20, 0, 1) },
    minutes: 45,
    spares: ["VllmGaugesStuck", "VllmNoTokens"],
  },
  {
    name: "a restart of a minute",
    life: { startTime: starts(20), up: outage(20, 21) },
    minutes: 30,
  },
  { name: "absent from the start", life: { target: always(0) }, alone: true, minutes: 30 },

  // Availability
  { name: "down", life: { up: from(MIDDLE, 0, 1) }, minutes: 23, fires: ["VllmTargetDown"] },
  {
    name: "down for a minute",
    life: { up: from(MIDDLE, 0, 1) },
    minutes: 21,
    spares: ["VllmTargetDown"],
  },
  {
    name: "the only server down",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 21.5,
    fires: ["VllmModelDown"],
  },
  {
    name: "the only server down for longer",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 120,
    fires: ["VllmModelDown", "VllmTargetDown"],
  },
  {
    name: "the only server down for half a minute",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 20.5,
    spares: ["VllmModelDown"],
  },
  {
    name: "gone from the configuration",
    life: { target: from(MIDDLE, 0, 1) },
    minutes: 26,
    fires: ["VllmTargetVanished"],
  },
  {
    name: "gone for four minutes",
    life: { target: from(MIDDLE, 0, 1) },
    minutes: 24,
    spares: ["VllmTargetVanished"],
  },
  { name: "gone for more than an hour", life: { target: from(MIDDLE, 0, 1) }, minutes: 90 },
  {
    name: "answers as something else",
    life: { vllm: from(MIDDLE, 0, 1) },
    minutes: 26,
    fires: ["VllmMetricsVanished"],
  },
  {
    name: "answers as something else for four minutes",
    life: { vllm: from(MIDDLE, 0, 1) },
    minutes: 24,
    spares: ["VllmMetricsVanished"],
  },
  {
    name: "slow to scrape",
    life: { scrapeSeconds: always(2.1) },
    minutes: 15,
    fires: ["VllmScrapeSlow"],
  },
  {
    name: "nearly slow to scrape",
    life: { scrapeSeconds: always(1.9) },
    minutes: 15,
    spares: ["VllmScrapeSlow"],
  },
  {
    name: "three starts",
    life: { startTime: starts(5, 10, 15) },
    minutes: 16,
    fires: ["VllmEngineRestarts"],
  },
  {
    name: "three starts that only counters tell",
    life: { startTime: starts(5, 10, 15), lacks: ["process_start_time_seconds"] },
    minutes: 16,
    fires: ["VllmEngineRestarts"],
  },
  {
    name: "two starts",
    life: { startTime: starts(5, 10) },
    minutes: 16,
    spares: ["VllmEngineRestarts"],
  },

  // Symptoms
  ...edge(
    "VllmErrorRatioHigh",
    11,
    (bad) => ({ failed: always(bad), finished: always(1 - bad) }),
    0.11,
    0.09,
  ),
  ...edge(
    "VllmHttpErrorRatioHigh",
    11,
    (bad) => ({ http5xx: always(bad), http: always(1 - bad) }),
    0.06,
    0.04,
  ),
  ...edge("VllmAdmissionRejected", 11, (bad) => ({ rejected: always(bad) }), 0.03, 0.015),
  {
    name: "NaN",
    life: { corrupted: (at) => (at === MIDDLE ? 1 : 0) },
    minutes: 21,
    fires: ["VllmNanLogits"],
  },
  {
    name: "NaN a quarter of an hour ago",
    life: { corrupted: (at) => (at === MIDDLE ? 1 : 0) },
    minutes: 36,
    spares: ["VllmNanLogits"],
  },
  {
    name: "a queue that grows",
    life: { waiting: rising(10) },
    minutes: 25,
    fires: ["VllmQueueGrowing"],
  },
  {
    name: "a queue that is long and does not grow",
    life: { waiting: always(200) },
    minutes: 25,
    spares: ["VllmQueueGrowing"],
  },
  {
    name: "a queue that grows and is short",
    life: { waiting: rising(2) },
    minutes: 25,
    spares: ["VllmQueueGrowing"],
  },
  ...edge("VllmQueueTimeHigh", 16, (mean) => ({ queueSeconds: always(mean) }), 20.1, 19.7),
  ...edge(
    "VllmKvCacheSaturated",
    16,
    (full) => ({ kvCache: always(full), preempted: always(0.1) }),
    0.96,
    0.94,
  ),
  {
    name: "a full cache without preemptions",
    life: { kvCache: always(1) },
    minutes: 20,
    spares: ["VllmKvCacheSaturated"],
  },
  ...edge(
    "VllmPrefixHitsCollapsed",
    180,
    (hits) => ({ prefixHits: since(120, hits, 0.6) }),
    0.25,
    0.35,
    { alone: true },
  ),

  // Stalls
  { name: "a stall", life: stalled, minutes: 27, fires: ["VllmEngineStalled"] },
  { name: "a stall of five minutes", life: stalled, minutes: 25, spares: ["VllmEngineStalled"] },
  {
    name: "requests wait and steps are made",
    life: { waiting: always(5), capacity: always(5) },
    minutes: 40,
    spares: ["VllmEngineStalled", "VllmAdmissionStalled"],
  },
  { name: "a jam", life: jammed, minutes: 27, fires: ["VllmAdmissionStalled"] },
  {
    name: "a jam of a release without reasons",
    life: { ...jammed, lacks: ["vllm:num_requests_waiting_by_reason"] },
    minutes: 27,
    fires: ["VllmAdmissionStalled"],
  },
  {
    name: "as a jam, but the cache is not empty",
    life: { ...jammed, kvCache: since(20, 0.06, 0.3) },
    minutes: 27,
    fires: ["VllmEngineStalled"],
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "as a jam, but requests wait for something else",
    life: { ...jammed, capacity: always(0) },
    minutes: 27,
    fires: ["VllmEngineStalled"],
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "steps without tokens",
    life: { tokens: since(20, 0, 100), finished: since(20, 0, 1) },
    minutes: 27,
    fires: ["VllmNoTokens"],
  },
  {
    name: "steps without tokens for five minutes",
    life: { tokens: since(20, 0, 100), finished: since(20, 0, 1) },
    minutes: 24.5,
    spares: ["VllmNoTokens"],
  },
  { name: "gauges stuck", life: standing, minutes: 31, fires: ["VllmGaugesStuck"] },
  {
    name: "gauges stuck for nine minutes",
    life: standing,
    minutes: 28.5,
    spares: ["VllmGaugesStuck"],
  },

  // What is scraped
  {
    name: "one engine as two targets",
    life: { startTime: always(2000) },
    minutes: 40,
    fires: ["VllmScrapedTwice"],
    own: { twin: always(2000) },
  },
  {
    name: "two engines that began at once",
    life: { startTime: always(2000), tokens: always(102) },
    minutes: 40,
    spares: ["VllmScrapedTwice"],
    own: { twin: always(2000) },
  },
  {
    name: "an old release",
    life: { lacks: ["vllm:kv_cache_usage_perc"] },
    minutes: 20,
    fires: ["VllmMetricMissing"],
  },
  {
    name: "an old release, as the settings say",
    life: { lacks: ["vllm:kv_cache_usage_perc"] },
    minutes: 20,
    spares: ["VllmMetricMissing"],
    options: { oldestVersion: "0.9" },
  },
  {
    name: "a release that lacks what is newer than the settings say",
    life: { lacks: ["vllm:engine_sleep_state"] },
    minutes: 20,
    spares: ["VllmMetricMissing"],
    options: { oldestVersion: "0.11" },
  },
];

/** Down from one minute until another. */
function outage(first: number, last: number): Course {
  return (at) => (at >= first * 60 && at < last * 60 ? 0 : 1);
}

/** A case on each side of a threshold. */
function edge(
  alert: AlertName,
  minutes: number,
  life: (value: number) => Partial<Life>,
  fires: number,
  spares: number,
  rest: Partial<Case> = {},
): Case[] {
  return [
    { name: `${alert} at ${fires}`, minutes, life: life(fires), fires: [alert], ...rest },
    { name: `${alert} at ${spares}`, minutes, life: life(spares), spares: [alert], ...rest },
  ];
}

export { NO_OBJECTIVES };
