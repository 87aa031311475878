import { z } from "zod";
import { NOT_A_GROUP } from "../../common/schemaParts.ts";

const number = z
  .number({ error: "is not a number: give one above 0." })
  .positive({ error: "is not positive: give a number above 0." });

/** A threshold of alerts; `origin` says what it is and where it comes from. */
function level(value: number, origin: string, max = Infinity) {
  return number
    .max(max, { error: `is above ${max}: give a share from 0 to ${max}.` })
    .default(value)
    .describe(origin);
}

/** The same in whole seconds, the form that Prometheus accepts for waiting times; at most a day. */
function whole(value: number, origin: string) {
  const error = { error: "is not a number of seconds: give a whole number from 1 to 86400." };
  return z.int(error).positive(error).max(86_400, error).default(value).describe(origin);
}

/** The setting `alerting.thresholds`. */
export const alertThresholds = z
  .strictObject(
    {
      budgetEvents: level(
        10,
        "Minimum number of bad events in the long window for a burn-rate alert: one failure of ten requests at night is not an incident. Our choice. For availability, an event is a second, and downSeconds applies instead.",
      ),
      failedRequests: level(
        5,
        "Minimum number of failures or rejections within five minutes for an alert on their ratio: two failures of three requests at night are not an incident. Our choice.",
      ),
      downSeconds: whole(
        300,
        "Seconds without a successful scrape. Loading a large model takes 100 to 200 s or more, and a deployment is not an incident while other servers of the model are up. Our choice.",
      ),
      scrapeSeconds: number
        .optional()
        .describe(
          "Duration of a scrape in seconds. About 440 series take milliseconds, so at 2 s the API server is overloaded or lacks CPU. Default: 2, or half the shortest scrape interval if that is less. Our choice.",
        ),
      drainSeconds: level(
        30,
        "Seconds to drain a growing queue at the current throughput: about as long as users wait before they abort. Our choice; the queue length alone cannot be compared across models.",
      ),
      queueSeconds: level(
        10,
        "Mean queue time in seconds. On a production server it was 0.002 to 2.9 s when healthy and above 30 s during a stall (Tanguille/cluster#4593).",
      ),
      preemptionRatio: level(
        0.03,
        "Preemptions per finished request over five minutes. A real server had 0.067 during a preemption storm, with its KV cache half full on average; a healthy server has none. Our choice, half of the measured value.",
      ),
      errorRatio: level(
        0.05,
        "Share of requests that fail in the engine, or that get HTTP 5xx. The value is that of llm-d's alert on a high error rate.",
        1,
      ),
      rejectionRatio: level(
        0.01,
        "Share of requests rejected by a queue limit: ten times the warning level of dashboards. Our choice.",
        1,
      ),
      prefixHitShare: level(
        0.5,
        "Prefix cache hit rate over 30 minutes, relative to that of the day before. A drop to half exceeds the daily variation. Our choice.",
        1,
      ),
      slowFactor: level(
        2,
        "Latency of an instance as a multiple of the median of its model's instances; with only two instances, the required multiple is doubled. Uneven load causes less than twice the median, a throttled GPU or a bad link causes more. Our choice.",
      ),
      loadFactor: level(
        3,
        "Finished requests of an instance or data-parallel rank as a multiple of the median of its siblings, or the inverse. Our choice: routing by prefix or session is uneven, but less than this.",
      ),
      restarts: level(
        4,
        "Starts of a server within an hour. A deployment causes one, a failed deployment two or three; a server that loads for eight minutes and crashes after three causes five. llm-d alerts on more than five.",
      ),
      stallSeconds: whole(
        60,
        "Seconds without a step after which an engine with work counts as stalled. A working engine makes many steps per second, and vLLM's own timeout is 300 s. Raise it if single steps take longer, such as unchunked prefill of very long prompts. Our choice.",
      ),
      emptyKvCache: level(
        0.05,
        "KV cache usage below which the cache counts as empty, so that requests should not wait for capacity. Seen in vllm-metal#479 (waiting 6, running 0, cache 0 %).",
        1,
      ),
      headSeries: level(
        100_000,
        "Series in Prometheus's memory: about what fits into 1 GiB, the default memory limit. A vLLM engine has about 440 series.",
      ),
      storageShare: level(
        0.9,
        "Share of retention.size in use while the stored samples cover less than retention.time. Our choice.",
        1,
      ),
    },
    NOT_A_GROUP,
  )
  .prefault({})
  .describe("Thresholds of alerts; docs/alerts.md shows the thresholds of each alert.");

/** Thresholds of alerts: shares from 0 to 1, times in seconds. */
export type AlertThresholds = z.output<typeof alertThresholds> & { scrapeSeconds: number };

/** Fills in `scrapeSeconds`: a scrape times out after its interval, and takes no longer than that. */
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
