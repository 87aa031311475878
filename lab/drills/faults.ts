import type { AlertName } from "../../prometheus/rules/index.ts";
import type { ServerOptions } from "../simulator/scenarios.ts";
import type { Change } from "../simulator/spec.ts";

/** A fault, how it ends, and what people should be told meanwhile. */
export interface Drill {
  /** What is done, in a few words. */
  what: string;
  /** The servers, all of which Prometheus scrapes; the fault befalls the first. */
  servers: ServerOptions[];
  /** Seconds of health before the fault, where it takes more than usual. */
  health?: number;
  /** Simulated seconds that pass in a real one; 1 unless given. */
  speed?: number;
  fault: readonly Action[];
  /** Seconds between one run of the fault's actions and the next, where it goes on. */
  every?: number;
  mend: readonly Action[];
  /** The alert that must be told of, and then of its end; none where nobody should hear of it. */
  expected?: AlertName;
  /** What may be told of too, since the same fault causes it. */
  also?: readonly AlertName[];
}

/** Something that is done to the first server; seconds are real ones. */
export type Action =
  Change | { do: "wait"; seconds: number } | { do: "remove from the targets" } | { do: "put back" };

const PAIR: ServerOptions[] = [
  { name: "a", model: "llama" },
  { name: "b", model: "llama" },
];

/** Any broken promise: a fault of that kind spends the budget, too. */
const PROMISES = ["SloErrorBudgetBurn"] as const;

/** The drills by name. */
export const DRILLS = {
  kill: {
    what: "one of two servers dies",
    servers: PAIR,
    fault: [{ do: "kill" }],
    mend: [{ do: "start" }],
    expected: "VllmTargetDown",
  },
  hang: {
    what: "an engine with a queue stops making steps; its metrics page still responds",
    servers: [
      { name: "a", model: "llama", workload: { patience: 40 }, engine: { maxRunning: 24 } },
      { name: "b", model: "qwen" },
    ],
    fault: [{ do: "load", factor: 4 }, { do: "wait", seconds: 6 }, { do: "hang" }],
    mend: [{ do: "load", factor: 0.1 }, { do: "resume" }],
    expected: "VllmEngineStalled",
    also: ["VllmQueueGrowing", "VllmQueueTimeHigh", ...PROMISES],
  },
  freeze: {
    what: "an engine with running requests and an empty queue stops making steps",
    servers: PAIR,
    // Half an hour of steady work, by the drill's clock, tells it from a gauge that is stuck.
    health: 100,
    fault: [{ do: "hang" }],
    mend: [{ do: "resume" }],
    expected: "VllmEngineStalled",
    also: ["VllmQueueGrowing", "VllmQueueTimeHigh", ...PROMISES],
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
    mend: [{ do: "load", factor: 0.3 }],
    expected: "VllmQueueTimeHigh",
    also: ["VllmQueueGrowing", ...PROMISES],
  },
  sleep: {
    what: "an engine is put to sleep",
    servers: PAIR,
    fault: [{ do: "sleep", level: 1 }],
    mend: [{ do: "wake" }],
  },
  errors: {
    what: "a third of the requests fail",
    servers: PAIR,
    fault: [{ do: "errors", share: 0.34 }],
    mend: [{ do: "errors", share: 0 }],
    expected: "VllmErrorRatioHigh",
    also: ["VllmHttpErrorRatioHigh", ...PROMISES],
  },
  vanish: {
    what: "a server is removed from Prometheus's configuration",
    servers: PAIR,
    fault: [{ do: "remove from the targets" }],
    mend: [{ do: "put back" }],
    expected: "VllmTargetVanished",
  },
  restarts: {
    what: "a server keeps crashing and restarting",
    servers: PAIR,
    fault: [{ do: "restart", seconds: 2 }],
    every: 12,
    mend: [],
    expected: "VllmEngineRestarts",
  },
  slow: {
    what: "the metrics page is slow",
    servers: PAIR,
    fault: [{ do: "answerSlowly", seconds: 0.7 }],
    mend: [{ do: "answerSlowly", seconds: 0 }],
    expected: "VllmScrapeSlow",
  },
} satisfies Record<string, Drill>;

export type DrillName = keyof typeof DRILLS;
