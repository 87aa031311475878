/** When alerts on engines that hang fire, and when they narrowly do not. */
import { since, type AlertCase } from "./alertCase.ts";
import { always, type Course, type Life } from "./serverLife.ts";

const MINUTE = 60;

/** From minute 20 on, the engine makes no steps and answers nothing. Four requests still run. */
const hanging: Partial<Life> = {
  ...{ steps: since(20, 0, 30), tokens: since(20, 0, 100), finished: since(20, 0, 1) },
  http: since(20, 0, 1),
};
const jammed: Partial<Life> = {
  ...{ ...hanging, waiting: since(20, 5, 0), capacity: since(20, 5, 0) },
  ...{ running: since(20, 0, 4), kvCache: since(20, 0.04, 0.3) },
};

/** One HTTP response per second ends until minute 20, and then the given number per 30 s. */
const answers =
  (...later: [minute: number, count: number][]): Course =>
  (at) => {
    if (at < 20 * MINUTE) return 1;
    return (later.find(([minute]) => at === minute * MINUTE)?.[1] ?? 0) / 30;
  };

/** Engines that hang, and engines that only seem to hang. */
export const STALLS: AlertCase[] = [
  {
    name: "a hang, with clients that wait",
    life: hanging,
    minutes: 21.5,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "a hang, with clients that wait for more than an hour",
    life: hanging,
    alone: true,
    minutes: 90,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "a hang that is shorter than the threshold",
    life: hanging,
    minutes: 21,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "a hang that is shorter than five scrapes of a slow job",
    life: hanging,
    minutes: 22,
    spares: ["VllmEngineStalled"],
    options: { longestScrapeInterval: 40 },
  },
  {
    name: "a hang with a queue",
    life: { ...hanging, waiting: since(20, 5, 0), capacity: since(20, 5, 0) },
    minutes: 22,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "a hang until minute 25",
    life: {
      steps: (at) => (at >= 20 * MINUTE && at < 25 * MINUTE ? 0 : 30),
      finished: (at) => (at >= 20 * MINUTE && at < 25 * MINUTE ? 0 : 1),
      http: (at) => (at >= 20 * MINUTE && at < 25 * MINUTE ? 0 : 1),
    },
    minutes: 26,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "all four clients disconnect at once, and the gauge keeps its value",
    life: { ...hanging, http: answers([20, 4]) },
    alone: true,
    minutes: 60,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "only the canary shows that an engine without steps hangs",
    life: { ...hanging, http: answers([20, 4]) },
    own: { vllm_canary_failures_in_a_row: since(21, 2, 0) },
    alone: true,
    minutes: 22,
    fires: ["VllmCanaryFailing", "VllmEngineStalled"],
  },
  {
    name: "one completion of the canary fails on an engine without steps",
    life: { ...hanging, http: answers([20, 4]) },
    own: { vllm_canary_failures_in_a_row: since(21, 1, 0) },
    alone: true,
    minutes: 30,
    spares: ["VllmCanaryFailing", "VllmEngineStalled"],
  },
  {
    name: "three of four clients disconnect at once",
    life: { ...hanging, http: answers([20, 3]) },
    minutes: 22,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "two requests end without a step, although the gauges are at zero",
    life: { ...hanging, running: since(20, 0, 4), http: answers([20, 4], [30, 2]) },
    minutes: 30.5,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "two requests ended without a step an hour ago, and none since",
    life: { ...hanging, running: since(20, 0, 4), http: answers([20, 4], [30, 2]) },
    alone: true,
    minutes: 90,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "one request ends without a step",
    life: { ...hanging, running: since(20, 0, 4), http: answers([20, 4], [30, 1]) },
    minutes: 30.5,
    spares: ["VllmEngineStalled"],
  },
  ...([5, 4] as const).map((files): AlertCase => ({
    name: `${files} connections are added within two minutes, and the gauges are at zero`,
    life: {
      ...{ ...hanging, running: since(20, 0, 4), http: answers([20, 4]) },
      openFiles: since(23, 33 + files, 33),
    },
    minutes: 24,
    ...(files === 5 ? { fires: ["VllmEngineStalled"] } : { spares: ["VllmEngineStalled"] }),
  })),
  {
    name: "one connection is added each minute, and the gauges are at zero",
    life: {
      ...{ ...hanging, running: since(20, 0, 4), http: answers([20, 4]) },
      openFiles: (at) => 33 + Math.max(0, Math.floor(at / MINUTE) - 20),
    },
    minutes: 27,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "connections are added while steps are made",
    life: { openFiles: (at) => 33 + at },
    minutes: 30,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "one of two ranks hangs, with gauges at zero, and the other answers",
    life: { ...hanging, running: since(20, 0, 4), http: always(1) },
    rank: {},
    minutes: 22,
    fires: ["VllmEngineStalled"],
  },
  ...([0.08, 0.06] as const).map((rate): AlertCase => ({
    name: `one of two ranks gets no more requests; each had ${rate} per second before`,
    life: {
      ...hanging,
      running: since(20, 0, 4),
      finished: since(20, 0, rate),
      http: always(rate),
    },
    rank: { finished: always(rate) },
    alone: true,
    minutes: 22,
    // With its share of the fifteen minutes' requests, it would have finished 69.6 times this rate.
    ...(rate > 0.07 ? { fires: ["VllmEngineStalled"] } : { spares: ["VllmEngineStalled"] }),
  })),
  {
    name: "requests wait and steps are made",
    life: { waiting: always(5), capacity: always(5) },
    minutes: 40,
    spares: ["VllmEngineStalled", "VllmAdmissionStalled"],
  },
  { name: "a jam", life: jammed, minutes: 22, fires: ["VllmAdmissionStalled"] },
  {
    name: "a jam on a release without waiting reasons",
    life: { ...jammed, lacks: ["vllm:num_requests_waiting_by_reason"] },
    minutes: 22,
    fires: ["VllmAdmissionStalled"],
  },
  {
    name: "like a jam, but the cache is not empty",
    life: { ...jammed, kvCache: since(20, 0.06, 0.3) },
    minutes: 22,
    fires: ["VllmEngineStalled"],
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "like a jam, but requests wait for something else",
    life: { ...jammed, capacity: always(0) },
    minutes: 22,
    fires: ["VllmEngineStalled"],
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "a pooling model with a queue",
    life: {
      ...{ running: always(0), kvCache: always(0), tokens: always(0), finished: always(20) },
      ...{ waiting: always(50), capacity: always(50) },
    },
    alone: true,
    minutes: 40,
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "a pooling model with slow requests",
    life: { tokens: always(0), finished: always(0) },
    alone: true,
    minutes: 40,
    spares: ["VllmNoTokens"],
  },
  {
    name: "steps without tokens, and requests of one token on a server for prefill",
    life: { tokens: since(20, 0, 100) },
    minutes: 40,
    spares: ["VllmNoTokens"],
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
  {
    name: "asleep, whatever the gauges say",
    life: { ...hanging, awake: since(20, 0, 1), waiting: since(20, 5, 0) },
    minutes: 40,
    spares: ["VllmEngineStalled", "VllmNoTokens"],
  },
  {
    name: "asleep with an empty cache",
    life: { ...jammed, awake: since(20, 0, 1) },
    minutes: 40,
    spares: ["VllmAdmissionStalled"],
  },
];
