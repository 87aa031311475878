/** When alerts on missing, flapping, restarting or wrongly scraped servers fire, or narrowly do not. */
import { MIDDLE, since, type AlertCase } from "./alertCase.ts";
import { always, from, type Course } from "./serverLife.ts";
import { options } from "./defaultRuleOptions.ts";

/** Cases without objectives, so that only the symptom itself can fire. */
export const AVAILABILITY: AlertCase[] = [
  // Nothing is wrong.
  { name: "healthy", minutes: 40 },
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
    name: "a one-minute restart",
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
    name: "slow to scrape, and sometimes too slow",
    life: { scrapeSeconds: always(4.5), up: (at) => ((at / 30) % 6 === 0 ? 0 : 1) },
    minutes: 15,
    fires: ["VllmScrapeSlow"],
  },
  {
    name: "down, so that each scrape lasts until its timeout",
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
    name: "four starts that only counters show",
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
    name: "repeatedly loads for eight minutes and then runs for three",
    life: {
      startTime: (at) => 1000 + Math.floor(at / 660),
      up: (at) => (at % 660 < 180 ? 1 : 0),
    },
    minutes: 90,
    fires: ["VllmEngineRestarts"],
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
    name: "two engines that started at the same time",
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
    name: "a release without the metrics added after the configured oldest release",
    life: { lacks: ["vllm:engine_sleep_state"] },
    minutes: 20,
    spares: ["VllmMetricMissing"],
    options: { oldestVersion: "0.11" },
  },
];

/** Down between the two given minutes. */
function outage(first: number, last: number): Course {
  return (at) => (at >= first * 60 && at < last * 60 ? 0 : 1);
}

/** Restarts at each of these minutes. */
function starts(...minutes: number[]): Course {
  return (at) => 1000 + minutes.filter((minute) => at >= minute * 60).length;
}
