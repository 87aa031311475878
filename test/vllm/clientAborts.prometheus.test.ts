import { describe, it } from "node:test";
import { clientAbortRatio, clientAborts } from "../../vllm/clientAborts.ts";
import { promql } from "../../vllm/index.ts";
import { always, from, server, type Life } from "../prometheus/rules/serverLife.ts";
import { options } from "../prometheus/rules/defaultRuleOptions.ts";
import { testRules } from "../prometheus/rules/promtool.ts";

/** The time of all queries, and the interval between two scrapes, in seconds. */
const END = 480;
const STEP = 15;

/** The lives of a model's servers, and the client aborts of the last five minutes. */
interface Case {
  servers: Partial<Life>[];
  aborted: number;
  /** The share of aborts in all ended streams; undefined if no stream ended. */
  share: number | undefined;
}

const none = { aborted: 0, share: 0 };
const restart = { startTime: from(END - 60, 2000, 1000), running: from(END - 60, 0, 40) };

/** By default, a server finishes one request per second, and four are running. */
const CASES: Record<string, Case> = {
  "steady load": { servers: [{}], ...none },
  "one stream in four is dropped": {
    servers: [{ finished: always(0.9), aborted: always(0.3) }],
    ...{ aborted: 90, share: 0.25 },
  },
  "all streams are dropped": {
    servers: [{ finished: always(0), aborted: always(0.5) }],
    ...{ aborted: 150, share: 1 },
  },
  // One request per second begins and goes on.
  "more requests run": { servers: [{ aborted: always(1), running: (at) => at }], ...none },
  "more requests run, and some are dropped": {
    servers: [{ aborted: always(1), running: (at) => 0.8 * at }],
    ...{ aborted: 60, share: 60 / 360 },
  },
  // One request per second begins and goes on.
  "the first requests of a server run, whose gauge is exposed from then on": {
    servers: [
      {
        ...{ finished: always(0), aborted: from(END - 60, 1, 0) },
        // Requests of the step before the first scrape with the gauge are running too.
        ...{ running: (at) => at - (END - 60) + STEP, runningExposed: from(END - 60, 1, 0) },
      },
    ],
    // No stream has ended.
    ...{ aborted: 0, share: undefined },
  },
  "fewer requests run": {
    servers: [{ failed: always(0.1), running: (at) => 400 - 0.1 * at }],
    ...none,
  },
  // Prometheus extrapolates the change between the first and the last scrape, 285 s, to 300 s.
  "all running streams are dropped at once": {
    servers: [{ finished: always(0), running: from(END - 60, 0, 38) }],
    ...{ aborted: 40, share: 1 },
  },
  "requests fail before their first token": { servers: [{ failed: always(0.5) }], ...none },
  "a restart cuts streams off": { servers: [restart], ...none },
  "a restart, and another server whose streams are dropped": {
    servers: [restart, { finished: always(0), aborted: always(0.5) }],
    // Nothing is counted in the step of the restart.
    ...{ aborted: 150, share: 150 / (150 + 285) },
  },
  "idle, and the gauge stays at 1": {
    servers: [{ finished: always(0), running: always(1) }],
    ...{ aborted: 0, share: undefined },
  },
};

describe("client aborts are the first tokens without another outcome", () => {
  for (const histograms of ["classic", "native"] as const) {
    const q = promql({ histograms, window: "5m" });
    const by = { by: ["model_name"] } as const;
    const time = { seconds: END, step: STEP, histograms };

    it(`with ${histograms} histograms`, async () => {
      const expected = (query: string, value: (one: Case) => number | undefined) => ({
        at: END,
        query,
        samples: Object.entries(CASES)
          .flatMap(([model, one]): [string, number][] => {
            const shown = value(one);
            return shown === undefined ? [] : [[`{model_name="${model}"}`, shown]];
          })
          .sort(),
      });
      const series = Object.entries(CASES).flatMap(([model, { servers }], index) =>
        servers.flatMap((life, server_) =>
          server({ instance: `${index}-${server_}:8000`, model, life }, time),
        ),
      );
      const test = {
        name: "all",
        series,
        expected: [
          expected(`round(${clientAborts(q, by)})`, ({ aborted }) => aborted),
          expected(
            `round(1000 * ${clientAbortRatio(q, by)})`,
            ({ share }) => share && Math.round(1000 * share),
          ),
        ],
      };
      await testRules(options({ histograms }), [test], STEP);
    });

    it(`and are not computed for a model without first tokens, with ${histograms} histograms`, async () => {
      const series = server({ life: { lacks: ["vllm:time_to_first_token_seconds"] } }, time);
      const expected = [{ at: END, query: clientAborts(q, by), samples: [] }];
      await testRules(options({ histograms }), [{ name: "pooling", series, expected }], STEP);
    });
  }
});
