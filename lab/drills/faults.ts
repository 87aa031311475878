import type { AlertName } from "../../prometheus/rules/index.ts";
import type { FakeServerOptions } from "../simulator/scenarios.ts";
import type { ServerAction } from "../simulator/serverSpec.ts";

/** A fault, its repair, and the alerts that must arrive in between. */
export interface Drill {
  /** What is done, in a few words. */
  what: string;
  /** The servers. Prometheus scrapes all of them; the fault affects the first. */
  servers: FakeServerOptions[];
  /** Seconds of healthy operation before the fault, if longer than usual. */
  health?: number;
  /** Simulated seconds per real second; 1 unless given. */
  speed?: number;
  fault: readonly Action[];
  /** Seconds between repetitions of the fault's actions, if the fault repeats. */
  every?: number;
  repair: readonly Action[];
  /** The alert that must fire and resolve; left out if no alert may fire. */
  expected?: AlertName;
  /** Alerts that may fire too, since the same fault causes them. */
  also?: readonly AlertName[];
}

/** An action on the first server; `seconds` are real seconds. */
export type Action =
  | ServerAction
  | { do: "wait"; seconds: number }
  | { do: "remove from the targets" }
  | { do: "put back" };

const PAIR: FakeServerOptions[] = [
  { name: "a", model: "llama" },
  { name: "b", model: "llama" },
];

/** The alerts of objectives: a fault also spends error budget. */
const OBJECTIVES = ["SloErrorBudgetBurn"] as const;

/** The drills by name. */
export const DRILLS = {
  kill: {
    what: "one of two servers dies",
    servers: PAIR,
    fault: [{ do: "kill" }],
    repair: [{ do: "start" }],
    expected: "VllmTargetDown",
  },
  hang: {
    what: "an engine with a queue stops making steps; its metrics page still responds",
    servers: [
      { name: "a", model: "llama", workload: { patience: 40 }, engine: { maxRunning: 24 } },
      { name: "b", model: "qwen" },
    ],
    fault: [{ do: "load", factor: 4 }, { do: "wait", seconds: 6 }, { do: "hang" }],
    repair: [{ do: "load", factor: 0.1 }, { do: "resume" }],
    expected: "VllmEngineStalled",
    also: ["VllmQueueGrowing", "VllmQueueTimeHigh", ...OBJECTIVES],
  },
  freeze: {
    what: "an engine with running requests and an empty queue stops making steps",
    servers: PAIR,
    // Half an hour of steady work, in scaled time, distinguishes this fault from a stuck gauge.
    health: 100,
    fault: [{ do: "hang" }],
    repair: [{ do: "resume" }],
    expected: "VllmEngineStalled",
    also: ["VllmQueueGrowing", "VllmQueueTimeHigh", ...OBJECTIVES],
  },
  saturate: {
    what: "six times as many requests as a server can serve",
    servers: [
      {
        name: "a",
        model: "llama",
        workload: { rate: 1.5, patience: 90 },
        engine: { maxRunning: 12 },
      },
      { name: "b", model: "qwen" },
    ],
    speed: 4,
    fault: [{ do: "load", factor: 6 }],
    repair: [{ do: "load", factor: 0.3 }],
    expected: "VllmQueueTimeHigh",
    also: ["VllmQueueGrowing", ...OBJECTIVES],
  },
  sleep: {
    what: "an engine is put to sleep",
    servers: PAIR,
    fault: [{ do: "sleep", level: 1 }],
    repair: [{ do: "wake" }],
  },
  errors: {
    what: "a third of the requests fail",
    servers: PAIR,
    fault: [{ do: "errors", share: 0.34 }],
    repair: [{ do: "errors", share: 0 }],
    expected: "VllmErrorRatioHigh",
    also: ["VllmHttpErrorRatioHigh", ...OBJECTIVES],
  },
  vanish: {
    what: "a server is removed from Prometheus's configuration",
    servers: PAIR,
    fault: [{ do: "remove from the targets" }],
    repair: [{ do: "put back" }],
    expected: "VllmTargetVanished",
  },
  restarts: {
    what: "a server keeps crashing and restarting",
    servers: PAIR,
    fault: [{ do: "restart", seconds: 2 }],
    every: 12,
    repair: [],
    expected: "VllmEngineRestarts",
  },
  slow: {
    what: "the metrics page is slow",
    servers: PAIR,
    fault: [{ do: "answerSlowly", seconds: 0.7 }],
    repair: [{ do: "answerSlowly", seconds: 0 }],
    expected: "VllmScrapeSlow",
  },
} satisfies Record<string, Drill>;

export type DrillName = keyof typeof DRILLS;
