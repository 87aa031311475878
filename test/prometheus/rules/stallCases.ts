/** When alerts on engines that stand still fire, and when they just do not. */
import { since, type Case } from "./cases.ts";
import { always, type Life } from "./life.ts";

const standing: Partial<Life> = {
  ...{ steps: since(20, 0, 30), tokens: since(20, 0, 100), finished: since(20, 0, 1) },
  http: since(20, 0, 1),
};
const stalled: Partial<Life> = { ...standing, waiting: since(20, 5, 0), capacity: since(20, 5, 0) };
/** Without a queue, after fifty minutes of work. */
const hanging: Partial<Life> = {
  ...{ steps: since(50, 0, 30), tokens: since(50, 0, 100), finished: since(50, 0, 1) },
  http: since(50, 0, 1),
};
const jammed: Partial<Life> = {
  ...stalled,
  running: since(20, 0, 4),
  kvCache: since(20, 0.04, 0.3),
};

/** Engines that stand still, seem to, or may. */
export const STALLS: Case[] = [
  { name: "a stall", life: stalled, minutes: 27, fires: ["VllmEngineStalled"] },
  { name: "a stall of five minutes", life: stalled, minutes: 24.5, spares: ["VllmEngineStalled"] },
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
  { name: "a hang without a queue", life: hanging, minutes: 57, fires: ["VllmEngineStalled"] },
  {
    name: "a hang without a queue that lasts for more than an hour",
    life: hanging,
    minutes: 120,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "a hang without a queue for five minutes",
    life: hanging,
    minutes: 54.5,
    spares: ["VllmEngineStalled"],
  },
  {
    name: "clients of a batch that all go away",
    life: { ...hanging, finished: (at) => (at >= 45 * 60 && at < 50 * 60 ? 1 : 0) },
    minutes: 61,
    fires: ["VllmGaugesStuck"],
    spares: ["VllmEngineStalled"],
  },
  {
    name: "a pooling model with a queue",
    life: {
      ...{ running: always(0), kvCache: always(0), tokens: always(0), finished: always(20) },
      ...{ waiting: always(50), capacity: always(50) },
    },
    minutes: 40,
    spares: ["VllmAdmissionStalled"],
  },
  {
    name: "a pooling model whose requests take a while",
    life: { tokens: always(0), finished: always(0) },
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
    name: "gauges stuck",
    life: { ...hanging, finished: since(50, 0, 27 / 1500) },
    minutes: 61,
    fires: ["VllmGaugesStuck"],
    spares: ["VllmEngineStalled"],
  },
  {
    name: "gauges stuck, or a hang, for there was just enough traffic",
    life: { ...hanging, finished: since(50, 0, 33 / 1500) },
    minutes: 61,
    fires: ["VllmEngineStalled"],
  },
  {
    name: "gauges stuck for nine minutes",
    life: { ...hanging, finished: since(50, 0, 27 / 1500) },
    minutes: 58.5,
    spares: ["VllmGaugesStuck"],
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
    life: { ...hanging, awake: since(50, 0, 1) },
    minutes: 75,
    spares: ["VllmGaugesStuck", "VllmNoTokens", "VllmEngineStalled"],
  },
];
