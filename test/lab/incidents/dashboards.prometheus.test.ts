/**
 * Dashboards for recordings of real vLLM servers agree with what the clients counted and measured.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type ClientRequest,
  type Incident,
  incidentNames,
  readIncident,
  totalsOf,
} from "../../../lab/incidents/timeline.ts";
import { bucketBounds, metrics, recordingTimes } from "../../../vllm/index.ts";
import { OPTIONS, parsedDashboards } from "../../dashboards/parsedDashboards.ts";
import { options } from "../../prometheus/rules/defaultRuleOptions.ts";
import { askRules } from "../../prometheus/rules/promtool.ts";
import { askedPanels } from "../../values/askedPanels.ts";
import { FORMS } from "../../values/scrapedPrometheus.ts";
import { type Bounds, ClientWindow, quantile } from "./clientWindow.ts";
import { incidentSeries } from "./series.ts";

/** One query of a panel: the dashboard, the panel's title, the query's index. */
type Place = readonly [dashboard: string, panel: string, query?: number];

/** What a query must show according to the clients; undefined if the clients do not know. */
type Truth = (incident: Incident, window: ClientWindow, at: number) => Bounds | undefined;

const CAPACITY = "vLLM / Capacity and workload";
const OVERVIEW = "vLLM / Overview";
const SLO = "vLLM / SLO";

/** Values that depend on whether the server was up. */
const OF_THE_SERVER: readonly (readonly [Place, Truth])[] = [
  [
    [SLO, "Available"],
    ({ scrapes, about }, _, at) => {
      const { interval } = recordingTimes(about.scrapeInterval);
      const length = Math.floor(at / interval) + 1;
      const times = Array.from({ length }, (_, index) => index * interval);
      const up = times.filter((time) => scrapes[time / about.scrapeInterval]?.page !== undefined);
      return [up.length / times.length, up.length / times.length];
    },
  ],
  [
    [OVERVIEW, "Servers down"],
    ({ scrapes, about }, _, at) => {
      const down = scrapes[at / about.scrapeInterval]?.page === undefined ? 1 : 0;
      return [down, down];
    },
  ],
];

/** Values for incidents in which the server is up and answers until the end. */
const OF_REQUESTS: readonly (readonly [Place, Truth])[] = [
  [[CAPACITY, "Requests"], (_, window) => perSecond(window, finished(window))],
  [[OVERVIEW, "Bottleneck by model", 1], (_, window) => perSecond(window, finished(window))],
  [
    [CAPACITY, "Prompt tokens"],
    (incident, window) => allAnswered(incident, perSecond(window, window.promptTokens())),
  ],
  [
    [CAPACITY, "Generated tokens"],
    (incident, window) => allAnswered(incident, perSecond(window, window.outputTokens())),
  ],
  [
    [CAPACITY, "Prompt length", 1],
    (incident, window) =>
      allAnswered(incident, aroundMean(window.answered().map((one) => one.promptTokens ?? NaN))),
  ],
  [
    [CAPACITY, "Answer length", 1],
    (incident, window) =>
      allAnswered(incident, aroundMean(window.answered().map((one) => one.outputTokens))),
  ],
  [[CAPACITY, "Rejected"], (_, window) => rejected(window)],
  [[OVERVIEW, "Bottleneck by model", 8], (_, window) => rejected(window)],
  [[SLO, "No errors"], (_, window) => remainder(rejected(window))],
  // A server that notices a disconnect only after the last token counts the request as finished.
  [
    [CAPACITY, "Client aborts"],
    (_, window) => {
      const [least, most] = share(window.ended("aborted"), window.ended("answered"));
      // Prometheus extrapolates the two compared counters by slightly different amounts.
      return [least / 2, most + 0.01];
    },
  ],
  [[OVERVIEW, "Errors"], () => [0, 0]],
  // The server starts to measure when it has read the request. With several processes on two CPU cores,
  // a client waits up to a second before that.
  [
    [OVERVIEW, "TTFT P95"],
    latency(metrics.timeToFirstToken, {
      least: () => 0,
      most: ({ sent, first = NaN }) => first - sent,
    }),
  ],
  [
    [OVERVIEW, "E2E P95"],
    latency(metrics.endToEndLatency, {
      least: ({ first = NaN, end }) => end - first,
      most: ({ sent, end }) => end - sent,
    }),
  ],
  // Here a rejected request counts as one that missed its first token.
  [
    [SLO, "First token within 1 s"],
    (incident, window) => {
      if (totalsOf(incident.requests).answered < incident.requests.length) return undefined;
      const waits = window.answered().map(({ sent, first = NaN }) => first - sent);
      const within = (seconds: number) =>
        waits.filter((wait) => wait <= seconds).length / waits.length;
      const { ranks, apiServers } = incident.about;
      return [within(1) - 0.01, ranks * apiServers > 1 ? 1 : within(1 + OVERHEAD) + 0.02];
    },
  ],
];

/** For a counter that was 0 before, a rule records up to a quarter less of its first 15 seconds. */
const FIRST_SECONDS = 0.96;

/**
 * The most seconds that a request spends outside a single-process server: the clients shared its two
 * CPU cores.
 */
const OVERHEAD = 1;

const ANSWERS = /^(steady|lora|speculation|overload|queue-limit|preemption|abort)/;

describe("dashboards show what clients saw", () => {
  for (const histograms of FORMS) {
    // The renamed model appears twice, once under the old name, which is gone.
    for (const name of incidentNames().filter((one) => one !== "rename")) {
      it(`${name}, with ${histograms} histograms`, async () => {
        const incident = readIncident(name);
        const { scrapeInterval } = incident.about;
        const at = Math.floor((incident.scrapes.at(-1)?.at ?? 0) / 60) * 60;
        const window = new ClientWindow(incident, at);
        const panels = parsedDashboards({
          ...{ ...OPTIONS, histograms },
          longestScrapeInterval: scrapeInterval,
        }).flatMap((dashboard) =>
          askedPanels(dashboard).map((panel) => ({ dashboard: dashboard.title, ...panel })),
        );
        const shown = ANSWERS.test(name) ? [...OF_THE_SERVER, ...OF_REQUESTS] : OF_THE_SERVER;
        const facts = shown.flatMap(([place, truth]) => {
          const bounds = truth(incident, window, at);
          return bounds === undefined ? [] : [{ place, bounds }];
        });
        const answers = await askRules(
          options({ histograms, longestScrapeInterval: scrapeInterval }),
          incidentSeries(incident, { histograms, target: { job: "vllm", instance: "a:8000" } }),
          facts.map(({ place: [dashboard, title, query = 0] }) => ({
            at,
            query:
              panels
                .find((panel) => panel.dashboard === dashboard && panel.title === title)
                ?.queries({})[query] ?? `no panel ${title}`,
          })),
          // promtool evaluates every group at this interval.
          recordingTimes(scrapeInterval).interval,
          scrapeInterval,
        );
        for (const [index, { place, bounds }] of facts.entries()) {
          const [low, high] = bounds;
          const [{ value } = { value: NaN }, ...others] = answers[index] ?? [];
          assert.equal(others.length, 0, `${place[1]} has more than one series.`);
          const isRight = value >= low - 1e-9 && value <= high + 1e-9;
          assert.ok(isRight, `${place.join(", ")} shows ${value}, not ${low} to ${high}.`);
        }
      });
    }
  }
});

/** Requests that the server counts as finished. They may include any number of dropped requests. */
function finished(window: ClientWindow): Bounds {
  return [window.ended("answered")[0], window.ended("answered", "aborted")[1]];
}

/** The share of requests above the queue limit: answered with 503, or failed inside the stream. */
function rejected(window: ClientWindow): Bounds {
  const [low, high] = share(window.ended("refused", "failed"), window.ended("answered"));
  return [low * FIRST_SECONDS, high];
}

function share(part: Bounds, rest: Bounds): Bounds {
  const of = (some: number, others: number) => (some === 0 ? 0 : some / (some + others));
  return [of(part[0], rest[1]), of(part[1], rest[0])];
}

function remainder([low, high]: Bounds): Bounds {
  return [1 - high, 1 - low];
}

function perSecond({ covered }: ClientWindow, [low, high]: Bounds): Bounds | undefined {
  return covered < 300 ? undefined : [(low / covered) * FIRST_SECONDS, high / covered];
}

/** Only for incidents without unanswered requests: in others the clients do not know all tokens. */
function allAnswered(incident: Incident, bounds: Bounds | undefined): Bounds | undefined {
  const { answered, refused, requests } = totalsOf(incident.requests);
  return answered + refused === requests ? bounds : undefined;
}

/** A line looks 15 seconds further back. The few requests in these 15 seconds barely change a mean. */
function aroundMean(values: readonly number[]): Bounds {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean * 0.9, mean * 1.1];
}

/**
 * The range from the bucket of the P95 of the shortest times that the server can have taken, to the
 * bucket of the P95 of the longest.
 */
function latency(
  metric: typeof metrics.timeToFirstToken,
  { least, most }: Record<"least" | "most", (request: ClientRequest) => number>,
): Truth {
  return (incident, window) => {
    if (totalsOf(incident.requests).aborted > 0) return undefined;
    const ends = bucketBounds(metric);
    const answered = window.answered();
    const low = quantile(0.95, answered.map(least));
    const high = quantile(0.95, answered.map(most));
    return [ends.findLast((end) => end <= low) ?? 0, ends.find((end) => end >= high) ?? Infinity];
  };
}
