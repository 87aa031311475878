/**
 * What the row Canary of `vLLM / Instances` shows for a made-up canary with two ranks, one of which
 * hangs.
 */
import { exporters, familyName, type Metric } from "../../vllm/index.ts";
import { formatExposition } from "../../vllm/exposition.ts";
import * as is from "./expected.ts";
import { END, SCRAPE } from "./fleet.ts";
import { historyOf, type History } from "./history.ts";

const MODEL = "probed";

/** The value of each metric for both ranks; undefined where a rank does not have the metric. */
const RANKS = new Map<Metric, readonly [number | undefined, number | undefined]>([
  [exporters.canarySuccess, [1, 0]],
  [exporters.canaryFailures, [0, 3]],
  [exporters.canaryTimeToFirstToken, [0.25, undefined]],
  [exporters.canaryInterTokenLatency, [0.02, undefined]],
  [exporters.canaryDuration, [0.31, undefined]],
]);

/** Completions per second. */
const RATE = 1 / 30;

/** Seconds since the last success of each rank. */
const AGO = [12, 100] as const;

const BUDGET = 880;

/** The history of a canary whose metrics never change. */
export function canaryHistories(epoch: number): Map<string, History> {
  const times = Array.from({ length: END / SCRAPE + 1 }, (_, index) => index * SCRAPE);
  const pages = times.map((time) => ({ time, text: page(time, epoch) }));
  return new Map([["canary", historyOf({ job: "canary", pages, epoch })]]);
}

function page(time: number, epoch: number): string {
  const one = (metric: Metric, samples: [labels: Record<string, string>, value: number][]) => ({
    ...{ name: familyName(metric), type: metric.type, help: metric.help },
    samples: samples.map(([labels, value]) => ({
      name: familyName(metric),
      labels: { model_name: MODEL, ...labels },
      value,
    })),
  });
  const eachRank = (value: (rank: number) => number | undefined) =>
    [0, 1].flatMap((rank): [Record<string, string>, number][] => {
      const known = value(rank);
      return known === undefined ? [] : [[{ engine: `${rank}` }, known]];
    });
  return formatExposition([
    ...[...RANKS].map(([metric, values]) =>
      one(
        metric,
        eachRank((rank) => values[rank]),
      ),
    ),
    one(
      exporters.canaryLastSuccess,
      eachRank((rank) => epoch + time - (AGO[rank] ?? NaN)),
    ),
    one(exporters.canaryEndpointSuccess, [
      [{ endpoint: "/health" }, 1],
      [{ endpoint: "/v1/models" }, 0],
    ]),
    one(exporters.canaryBudgetLeft, [[{}, BUDGET]]),
    one(exporters.canaryProbes, [
      [{ engine: "0", outcome: "ok" }, RATE * time],
      [{ engine: "0", outcome: "timeout" }, 0],
      [{ engine: "1", outcome: "ok" }, 0],
      [{ engine: "1", outcome: "timeout" }, RATE * time],
    ]),
  ]);
}

const byRow = ["instance", "model_name", "engine"];
const ofRank = (metric: Metric, by: readonly string[] = byRow) =>
  is.value(metric, by, ({ labels }) => RANKS.get(metric)?.[Number(labels.engine)]);
const same = (value: number) => is.value(exporters.canarySuccess, byRow, () => value);

export const canary: is.DashboardValues = {
  "Canary probes": [
    ofRank(exporters.canarySuccess),
    ofRank(exporters.canaryFailures),
    ofRank(exporters.canaryTimeToFirstToken),
    ofRank(exporters.canaryInterTokenLatency),
    ofRank(exporters.canaryDuration),
    is.value(exporters.canaryLastSuccess, byRow, ({ labels }) => AGO[Number(labels.engine)]),
    same(1),
    is.blank(same(0), "GET /v1/models fails."),
    same(BUDGET),
  ],
  "Time to the canary's first token": [
    ofRank(exporters.canaryTimeToFirstToken, ["instance", "engine"]),
  ],
  "Canary completions by outcome": [
    is.value(exporters.canaryProbes, ["outcome"], ({ window }) => RATE * window.seconds),
  ],
};
