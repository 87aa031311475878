/** When alerts on instances that differ from their siblings fire, and when they narrowly do not. */
import type { AlertCase } from "./alertCase.ts";
import { always, type Life } from "./serverLife.ts";

const slow = (seconds: number): Partial<Life> => ({ tokenSeconds: always(seconds) });

/** The siblings need 0.05 s per token, and finish one request per second. */
export const OUTLIERS: AlertCase[] = [
  {
    name: "one of three instances needs more than twice as long per token",
    life: slow(0.102),
    third: {},
    minutes: 20,
    fires: ["VllmInstanceSlow"],
  },
  {
    name: "one of three instances needs nearly twice as long per token",
    life: slow(0.098),
    third: {},
    minutes: 20,
    spares: ["VllmInstanceSlow"],
  },
  {
    name: "one of three instances is slow for less than ten minutes",
    life: { tokenSeconds: (at) => (at < 600 ? 0.05 : 0.5) },
    third: {},
    minutes: 19.5,
    spares: ["VllmInstanceSlow"],
  },
  {
    name: "one of three instances answers late",
    life: { lateFirstTokens: always(0.1) },
    third: {},
    minutes: 20,
    fires: ["VllmInstanceSlow"],
  },
  {
    name: "one of three instances is slow and has hardly any requests",
    life: { ...slow(0.5), finished: always(0.06) },
    third: { finished: always(0.06) },
    minutes: 14,
    spares: ["VllmInstanceSlow"],
  },
  {
    name: "all three instances are slow",
    life: slow(0.5),
    third: slow(0.5),
    minutes: 20,
    spares: ["VllmInstanceSlow"],
  },
  {
    name: "one of two instances needs more than four times as long per token",
    life: slow(0.204),
    minutes: 20,
    fires: ["VllmInstanceSlow"],
  },
  {
    name: "one of two instances needs nearly four times as long per token",
    life: slow(0.196),
    minutes: 20,
    spares: ["VllmInstanceSlow"],
  },
  {
    name: "one of three instances gets less than a third of the requests",
    life: { finished: always(0.32) },
    third: {},
    minutes: 31,
    fires: ["VllmLoadImbalanced"],
  },
  {
    name: "one of three instances gets more than a third of the requests",
    life: { finished: always(0.35) },
    third: {},
    minutes: 31,
    spares: ["VllmLoadImbalanced"],
  },
  {
    name: "one of three instances gets more than three times as many requests",
    life: { finished: always(3.1) },
    third: {},
    minutes: 31,
    fires: ["VllmLoadImbalanced"],
  },
  {
    name: "one of three instances gets less than three times as many requests",
    life: { finished: always(2.9) },
    third: {},
    minutes: 31,
    spares: ["VllmLoadImbalanced"],
  },
  {
    name: "one of three instances gets no request, for less than half an hour",
    life: { finished: (at) => (at < 1200 ? 1 : 0) },
    third: {},
    minutes: 40,
    spares: ["VllmLoadImbalanced"],
  },
  {
    name: "one of three instances is asleep",
    life: { finished: always(0), tokens: always(0), running: always(0), awake: always(0) },
    third: {},
    minutes: 31,
    spares: ["VllmLoadImbalanced"],
  },
];
