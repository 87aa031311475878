import { z } from "zod";
import { NOT_A_GROUP } from "../common/schemaParts.ts";

const NOT_LEVELS = {
  error:
    "is not a pair of levels: give { warning, critical }, two numbers of which warning is less.",
};

/** Where a value is worth a look, and where it hurts; either can be set alone. */
function levels(warning: number, critical: number, text: string, max = Infinity) {
  const number = z
    .number(NOT_LEVELS)
    .positive({ error: "is not positive: give a number above 0." })
    .max(max, { error: `is above ${max}: give a share from 0 to ${max}.` });
  return z
    .strictObject(
      { warning: number.default(warning), critical: number.default(critical) },
      NOT_LEVELS,
    )
    .refine((pair) => pair.warning < pair.critical, {
      error:
        "has a warning that is not below its critical level: give a lower warning or a higher critical level.",
    })
    .prefault({})
    .describe(text);
}

/** The setting `thresholds`: where dashboards change colour, and where a verdict applies. */
export const thresholds = z
  .strictObject(
    {
      kvCacheUsage: levels(
        0.9,
        0.98,
        "KV cache usage, 0 to 1. Near 1, requests wait or are preempted.",
        1,
      ),
      errorRatio: levels(0.001, 0.01, "Share of finished requests that failed.", 1),
      abortRatio: levels(
        0.05,
        0.2,
        "Share of requests whose client disconnected after the first token.",
        1,
      ),
      rejectionRatio: levels(0.001, 0.01, "Share of requests rejected by a queue limit.", 1),
      preemptionRatio: levels(
        0.01,
        0.1,
        "Preemptions per finished request. A preempted request is computed again.",
      ),
      queueShare: levels(
        0.1,
        0.3,
        "Share of requests in the engines that wait instead of run, which equals the share of time that requests spend in the queue. At 0.1, requests take 1.1 times as long as without a queue; at 0.3, 1.4 times.",
        1,
      ),
      timeToFirstToken: levels(
        1,
        5,
        "Time to first token in seconds. Users notice delays from about one second.",
      ),
      interTokenLatency: levels(
        0.1,
        0.2,
        "Time between two tokens in seconds. 0.1 is about reading speed.",
      ),
      endToEndLatency: levels(
        120,
        240,
        "Time from arrival to last token in seconds. 240 is the threshold of the default objective, 120 half of it.",
      ),
      gpuTemperature: levels(
        80,
        87,
        "GPU temperature in °C. Data-centre GPUs throttle from about 87.",
      ),
    },
    NOT_A_GROUP,
  )
  .prefault({})
  .describe(
    "Levels at which dashboard values turn orange (warning) and red (critical). They also decide the bottleneck that Overview shows for each model.",
  );

/** Where dashboards change colour. Shares are from 0 to 1, times in seconds. */
export type Thresholds = z.output<typeof thresholds>;
