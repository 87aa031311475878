import { z } from "zod";
import { GROUP } from "../../common/schema.ts";

const number = z
  .number({ error: "is not a number." })
  .positive({ error: "is not positive: a threshold is above 0." });

/** A number from which on an alert fires; `origin` says what it is and where it comes from. */
function level(value: number, origin: string, max = Infinity) {
  return number
    .max(max, { error: `is above ${max}: give a share from 0 to ${max}.` })
    .default(value)
    .describe(origin);
}

/** The same in whole seconds, as Prometheus takes waiting times. */
function whole(value: number, origin: string) {
  return z
    .int({ error: "is not a whole number of seconds." })
    .positive({ error: "is not positive: a threshold is above 0." })
    .default(value)
    .describe(origin);
}

/** The setting `alerting.thresholds`: from where on alerts fire. */
export const alertThresholds = z
  .strictObject(
    {
      budgetEvents: level(
        10,
        "Bad events in the long window below which no burn rate alerts: at night one failure of ten requests is no incident. Our choice. Of availability events are seconds, and downSeconds counts instead.",
      ),
      failedRequests: level(
        5,
        "Failures, or rejections, within five minutes below which no ratio of them alerts: at night two of three are no incident. Our choice.",
      ),
      downSeconds: whole(
        300,
        "Seconds that a server does not answer: loading a large model takes 100 to 200 s and more, and a deployment is no incident while other servers of the model answer. Our choice.",
      ),
      scrapeSeconds: number
        .optional()
        .describe(
          "Seconds that a metrics page takes: some 440 series take milliseconds, so that at 2 s the API server is busy or starved; by default 2, or half the shortest scrape interval where that is less. Our choice.",
        ),
      drainSeconds: level(
        30,
        "Seconds that the queue would take to empty at the present pace, while it grows: what people wait for before they give up. Our choice; queue lengths as such say nothing across models.",
      ),
      queueSeconds: level(
        10,
        "Seconds that a request waits on average: a server in the field was measured at 0.002 to 2.9 s in health and above 30 s in a stall (Tanguille/cluster#4593).",
      ),
      preemptionRatio: level(
        0.03,
        "Preemptions per finished request, over five minutes: a real server in a storm had 0.067 with its KV cache half full on average, a healthy one has none. Our choice, half of what was seen.",
      ),
      errorRatio: level(
        0.05,
        "Share of requests that fail in the engine, or that HTTP answers with 5xx: llm-d's rule for a high error rate.",
        1,
      ),
      rejectionRatio: level(
        0.01,
        "Share of requests that a queue limit turns away: ten times what dashboards colour as a warning. Our choice.",
        1,
      ),
      prefixHitShare: level(
        0.5,
        "Prefix hit rate of half an hour as a share of that of the day before: half is more than the mix of a day does. Our choice.",
        1,
      ),
      slowFactor: level(
        2,
        "How many times the median of its model's instances an instance's latency is; of two instances, twice that of the other's. Twice is more than uneven load makes, and less than a throttled GPU or a bad link. Our choice.",
      ),
      loadFactor: level(
        3,
        "How many times more, or fewer, requests an instance or a data-parallel rank finishes than the median of its siblings. Our choice: routing by prefix or session is uneven, but not by so much.",
      ),
      restarts: level(
        4,
        "Starts of a server within an hour: a deployment makes one, one with a mistake two or three; a server that loads for eight minutes and lives for three makes five. llm-d takes more than five.",
      ),
      stallSeconds: whole(
        60,
        "Seconds without a step after which an engine with work to do counts as stalled: a working engine makes many steps a second, and vLLM itself gives up after 300 s. Raise it where single steps take longer, such as the prefill of very long prompts in one piece. Our choice.",
      ),
      emptyKvCache: level(
        0.05,
        "Fullness below which a KV cache counts as empty: requests that wait for capacity then wait for nothing. Seen in vllm-metal#479 (waiting 6, running 0, cache 0 %).",
        1,
      ),
      headSeries: level(
        100_000,
        "Series in Prometheus's memory: with 1 GiB, its default limit here, it carries about so many. A vLLM engine has some 440.",
      ),
      storageShare: level(
        0.9,
        "Share of retention.size in use while less is kept than retention.time says. Our choice.",
        1,
      ),
    },
    GROUP,
  )
  .prefault({})
  .describe("From where on alerts fire; docs/alerts.md tells which alert each belongs to.");

/** From where on alerts fire: shares from 0 to 1, times in seconds. */
export type AlertThresholds = z.output<typeof alertThresholds> & { scrapeSeconds: number };

/** Fills in `scrapeSeconds`: a scrape is given up after its interval, and takes no longer than that. */
export function withScrapeSeconds(
  given: z.output<typeof alertThresholds>,
  shortestInterval: number,
): AlertThresholds {
  return { ...given, scrapeSeconds: given.scrapeSeconds ?? Math.min(2, shortestInterval / 2) };
}

/** What a threshold is and where it comes from. */
export function originOf(key: keyof AlertThresholds): string {
  const { shape } = alertThresholds.unwrap();
  return shape[key].description ?? "";
}
