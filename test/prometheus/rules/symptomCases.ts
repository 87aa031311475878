/** When alerts on symptoms that users notice fire, and when they narrowly do not. */
import type { AlertName } from "../../../prometheus/rules/index.ts";
import { edge, MIDDLE, since, type AlertCase } from "./alertCase.ts";
import { always, type Course, type Life } from "./serverLife.ts";

/** Cases without objectives, so that only the symptom itself can fire. */
export const SYMPTOMS: AlertCase[] = [
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
  // At night, when there are hardly any requests that could fail.
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
];

/** A value that rises by the given number per minute. */
function rising(perMinute: number, start = 0): Course {
  return (at) => start + (at / 60) * perMinute;
}

/** Five failures within five minutes fire the alerts; four do not. */
function night(alerts: AlertName[], life: (rate: Course) => Partial<Life>): AlertCase[] {
  const times = (count: number) => life(always(count / 300));
  const rest = { alone: true, minutes: 11 };
  return [
    { name: `${alerts.join(", ")} at 5 in 5 min`, life: times(5.1), fires: alerts, ...rest },
    { name: `${alerts.join(", ")} at 4 in 5 min`, life: times(4.1), spares: alerts, ...rest },
  ];
}
