import { z } from "zod";
import { GROUP } from "../common/schema.ts";

const NOT_LEVELS = {
  error:
    "is not a pair of levels: give { warning, critical }, two numbers of which warning is less.",
};

/** Where a value is worth a look, and where it hurts; either can be set alone. */
function levels(warning: number, critical: number, text: string, max = Infinity) {
  const number = z
    .number(NOT_LEVELS)
    .positive({ error: "is not positive: a level is above 0." })
    .max(max, { error: `is above ${max}: give a share from 0 to ${max}.` });
  return z
    .strictObject(
      { warning: number.default(warning), critical: number.default(critical) },
      NOT_LEVELS,
    )
    .refine((pair) => pair.warning < pair.critical, {
      error: "has a warning that is not below its critical level: the warning comes first.",
    })
    .prefault({})
    .describe(text);
}

/** The setting `thresholds`: where boards change colour, and where a verdict is reached. */
export const thresholds = z
  .strictObject(
    {
      kvCacheUsage: levels(
        0.9,
        0.98,
        "Fullness of the KV cache, 0 to 1; near 1 requests wait or are preempted.",
        1,
      ),
      errorRatio: levels(0.001, 0.01, "Share of finished requests that failed.", 1),
      abortRatio: levels(
        0.05,
        0.2,
        "Share of requests whose client disconnected after the first token.",
        1,
      ),
      rejectionRatio: levels(0.001, 0.01, "Share of requests that a queue limit rejected.", 1),
      preemptionRatio: levels(
        0.01,
        0.1,
        "Preemptions per finished request; each computes a request again.",
      ),
      queueShare: levels(
        0.1,
        0.3,
        "Share of a request's time spent waiting, which is also the share of the requests in the engines that wait. At 0.1 requests take 1.1 times as long as without a queue, at 0.3 1.4 times.",
        1,
      ),
      timeToFirstToken: levels(
        1,
        5,
        "Seconds to the first token; from about one second on people notice.",
      ),
      interTokenLatency: levels(
        0.1,
        0.2,
        "Seconds between two tokens; 0.1 is about as fast as people read.",
      ),
      endToEndLatency: levels(
        120,
        240,
        "Seconds from a request's arrival to its last token; 240 is the default objective's, and 120 half of it.",
      ),
      gpuTemperature: levels(
        80,
        87,
        "Degrees Celsius; data-centre GPUs slow down from about 87 on.",
      ),
    },
    GROUP,
  )
  .prefault({})
  .describe("Where dashboards change colour, and where the verdict on a model is reached.");

/** Where boards change colour. Shares are from 0 to 1, times in seconds. */
export type Thresholds = z.output<typeof thresholds>;
