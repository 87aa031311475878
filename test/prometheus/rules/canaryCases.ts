/** When the canary's alerts fire, and when they narrowly do not. */
import { since, type AlertCase } from "./alertCase.ts";
import { always } from "./serverLife.ts";

export const CANARY: AlertCase[] = [
  {
    name: "two completions in a row failed",
    own: { vllm_canary_failures_in_a_row: since(10, 2, 0) },
    minutes: 10,
    fires: ["VllmCanaryFailing"],
  },
  {
    name: "one completion failed",
    own: { vllm_canary_failures_in_a_row: since(10, 1, 0) },
    minutes: 20,
    spares: ["VllmCanaryFailing"],
  },
  {
    name: "completions are refused with 4xx for long enough",
    own: { "canary ok": since(10, 0, 1 / 30), "canary http_4xx": since(10, 1 / 30, 0) },
    minutes: 26,
    fires: ["VllmCanaryMisconfigured"],
  },
  {
    name: "completions are refused with 4xx, but not for five minutes after the last success left the window",
    own: { "canary ok": since(10, 0, 1 / 30), "canary http_4xx": since(10, 1 / 30, 0) },
    minutes: 22,
    spares: ["VllmCanaryMisconfigured"],
  },
  {
    name: "some completions are refused with 4xx, others succeed",
    own: { "canary http_4xx": always(1 / 60) },
    minutes: 40,
    spares: ["VllmCanaryMisconfigured"],
  },
];
