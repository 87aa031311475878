/** When each alert fires, and when it just does not. */
import type { AlertName, RuleOptions } from "../../../prometheus/rules/index.ts";
import type { BurnWindow } from "../../../slo/recorded.ts";
import { always, from, type Course, type Life } from "./life.ts";
import { options } from "./options.ts";

/** One course of events and the alerts that fire at its end; the Watchdog does so in all. */
export interface Case {
  name: string;
  /** What happens to server a:8000; b:8000 serves the same model in health, unless `alone`. */
  life?: Partial<Life>;
  alone?: boolean;
  /** Another model that a:8000 serves from minute 20 on. */
  successor?: boolean;
  /** A second data-parallel rank of a:8000, in health but for what is said here. */
  rank?: Partial<Life>;
  /** The life of c:8000, if there is such a server of the same model. */
  third?: Partial<Life>;
  /** The stack's own series where they are not in health: values of levels, rates of counters. */
  own?: Record<string, Course>;
  minutes: number;
  fires?: AlertName[];
  /** The long window of the burn rate that fires. */
  window?: BurnWindow;
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

/** Restarts at each of these minutes. */
const starts =
  (...minutes: number[]): Course =>
  (at) =>
    1000 + minutes.filter((minute) => at >= minute * 60).length;

const NO_OBJECTIVES: Partial<RuleOptions> = { objectives: [] };
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
    alone: true,
    minutes: 40,
  },
  {
    name: "a restart of a minute",
    life: { startTime: starts(20), up: outage(20, 21) },
    minutes: 30,
  },
  { name: "absent from the start", life: { target: always(0) }, alone: true, minutes: 30 },

  // Availability
  { name: "down", life: { up: from(MIDDLE, 0, 1) }, minutes: 25, fires: ["VllmTargetDown"] },
  {
    name: "down for as long as a model loads",
    life: { up: from(MIDDLE, 0, 1) },
    minutes: 24.5,
    spares: ["VllmTargetDown"],
  },
  {
    name: "down for as long as the settings say",
    life: { up: from(MIDDLE, 0, 1) },
    minutes: 22,
    fires: ["VllmTargetDown"],
    options: { thresholds: { ...options().thresholds, downSeconds: 120 } },
  },
  {
    name: "every other scrape fails",
    life: { up: (at) => ((at / 30) % 2 === 0 ? 1 : 0), scrapeSeconds: always(1) },
    minutes: 40,
    fires: ["VllmTargetFlapping"],
    spares: ["VllmTargetDown"],
  },
  {
    name: "every fifth scrape fails",
    life: { up: (at) => ((at / 30) % 5 === 0 ? 0 : 1) },
    minutes: 40,
    spares: ["VllmTargetFlapping"],
  },
  {
    name: "two loads of a model within half an hour",
    life: { up: (at) => outage(10, 14)(at) && outage(20, 24.5)(at), startTime: starts(10, 20) },
    minutes: 25,
    spares: ["VllmTargetFlapping"],
  },
  {
    name: "the only server down",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 25,
    fires: ["VllmModelDown", "VllmTargetDown"],
  },
  {
    name: "the only server down for longer",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 120,
    fires: ["VllmModelDown", "VllmTargetDown"],
  },
  {
    name: "the only server down after Prometheus itself was away for ten minutes",
    life: { target: outage(20, 30), up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 35,
    fires: ["VllmModelDown", "VllmTargetDown"],
  },
  {
    name: "the only server down for as long as a model loads",
    life: { up: from(MIDDLE, 0, 1) },
    alone: true,
    minutes: 24.5,
    spares: ["VllmModelDown"],
  },
  {
    name: "a model that its only server no longer serves",
    life: { vllm: from(MIDDLE, 0, 1) },
    alone: true,
    successor: true,
    minutes: 26,
    fires: ["VllmModelVanished"],
  },
  {
    name: "a model that one server no longer serves, and another does",
    life: { vllm: from(MIDDLE, 0, 1) },
    successor: true,
    minutes: 26,
    spares: ["VllmModelVanished"],
  },
  {
    name: "a model that was replaced four minutes ago",
    life: { vllm: from(MIDDLE, 0, 1) },
    alone: true,
    successor: true,
    minutes: 24,
    spares: ["VllmModelVanished"],
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
    name: "slow to scrape, and now and then too slow",
    life: { scrapeSeconds: always(4.5), up: (at) => ((at / 30) % 6 === 0 ? 0 : 1) },
    minutes: 15,
    fires: ["VllmScrapeSlow"],
  },
  {
    name: "down, so that scrapes take as long as they may",
    life: { scrapeSeconds: since(20, 5, 0.02), up: from(MIDDLE, 0, 1) },
    minutes: 60,
    fires: ["VllmTargetDown"],
    spares: ["VllmScrapeSlow"],
  },
  {
    name: "four starts",
    life: { startTime: starts(5, 10, 15, 20) },
    minutes: 21,
    fires: ["VllmEngineRestarts"],
  },
  {
    name: "four starts that only counters tell",
    life: { startTime: starts(5, 10, 15, 20), lacks: ["process_start_time_seconds"] },
    minutes: 21,
    fires: ["VllmEngineRestarts"],
  },
  {
    name: "three starts",
    life: { startTime: starts(5, 10, 15) },
    minutes: 21,
    spares: ["VllmEngineRestarts"],
  },
  {
    name: "loads for eight minutes and lives for three, again and again",
    life: {
      startTime: (at) => 1000 + Math.floor(at / 660),
      up: (at) => (at % 660 < 180 ? 1 : 0),
    },
    minutes: 90,
    fires: ["VllmEngineRestarts"],
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
  {
    name: "more than half of all answers are server errors",
    life: { http5xx: always(0.6), http: always(0.4) },
    minutes: 11,
    fires: ["VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors"],
  },
  {
    name: "less than half of all answers are server errors",
    life: { http5xx: always(0.4), http: always(0.6) },
    minutes: 11,
    fires: ["VllmHttpErrorRatioHigh"],
    spares: ["VllmHttpMostlyErrors"],
  },
  // Each rejection is answered with 503.
  {
    name: "a queue limit rejects nearly all requests",
    life: { http5xx: always(9), rejected: always(9) },
    minutes: 11,
    fires: ["VllmAdmissionRejected"],
    spares: ["VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors"],
  },
  {
    name: "a queue limit rejects nearly all requests, for two minutes",
    life: { http5xx: since(10, 9, 0), rejected: since(10, 9, 0) },
    minutes: 12,
    fires: ["VllmAdmissionRejected"],
  },
  {
    name: "a queue limit rejects nearly all requests, for half a minute",
    life: { http5xx: since(10, 9, 0), rejected: since(10, 9, 0) },
    minutes: 10.5,
    spares: ["VllmAdmissionRejected"],
  },
  {
    name: "a queue limit rejects nearly all requests, and most of the others fail",
    life: { http5xx: always(9.6), http: always(0.4), rejected: always(9) },
    minutes: 11,
    fires: ["VllmAdmissionRejected", "VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors"],
  },
  {
    name: "a queue limit rejects nearly all requests, and few of the others fail",
    life: { http5xx: always(9.04), http: always(0.96), rejected: always(9) },
    minutes: 11,
    fires: ["VllmAdmissionRejected"],
    spares: ["VllmHttpErrorRatioHigh"],
  },
  ...edge("VllmAdmissionRejected", 11, (bad) => ({ rejected: always(bad) }), 0.03, 0.015),
  // At night, when there is hardly anything that could fail.
  ...night(["VllmErrorRatioHigh"], (rate) => ({ failed: rate, finished: always(0) })),
  ...night(["VllmHttpErrorRatioHigh", "VllmHttpMostlyErrors"], (rate) => ({
    ...{ http5xx: rate, http: always(0) },
  })),
  ...night(["VllmAdmissionRejected"], (rate) => ({ rejected: rate, finished: always(0) })),
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
  // One request finishes per second: the engine's cache is half full on average.
  ...edge(
    "VllmPreemptionsHigh",
    11,
    (ratio) => ({ kvCache: always(0.5), preempted: always(ratio) }),
    0.0667,
    0.029,
  ),
  {
    name: "a storm of preemptions for four minutes",
    life: { preempted: since(20, 0.3, 0) },
    minutes: 24,
    spares: ["VllmPreemptionsHigh"],
  },
  {
    name: "preemptions while no long answer finishes",
    life: { preempted: always(0.1), finished: always(0), aborted: always(0.1) },
    minutes: 11,
    fires: ["VllmPreemptionsHigh"],
  },
  {
    name: "four preemptions in five minutes at night",
    life: { preempted: always(4.1 / 300), finished: always(0.1) },
    minutes: 11,
    spares: ["VllmPreemptionsHigh"],
  },
  {
    name: "a queue that was long until five minutes ago",
    life: { queueSeconds: (at) => (at < MIDDLE ? 25 : 0.1) },
    minutes: 25,
    fires: ["VllmQueueTimeHigh"],
  },
  {
    name: "a queue that was long until eight minutes ago",
    life: { queueSeconds: (at) => (at < MIDDLE ? 25 : 0.1) },
    minutes: 28,
    spares: ["VllmQueueTimeHigh"],
  },
  {
    name: "a full cache without preemptions",
    life: { kvCache: always(1) },
    minutes: 20,
    spares: ["VllmPreemptionsHigh"],
  },
  ...edge(
    "VllmPrefixHitsCollapsed",
    180,
    (hits) => ({ prefixHits: since(120, hits, 0.6) }),
    0.25,
    0.35,
    { alone: true },
  ),

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

/** Five failures within five minutes, which fire, and four, which do not. */
function night(alerts: AlertName[], life: (rate: Course) => Partial<Life>): Case[] {
  const times = (count: number) => life(always(count / 300));
  const rest = { alone: true, minutes: 11 };
  return [
    { name: `${alerts.join(", ")} at 5 in 5 min`, life: times(5.1), fires: alerts, ...rest },
    { name: `${alerts.join(", ")} at 4 in 5 min`, life: times(4.1), spares: alerts, ...rest },
  ];
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
