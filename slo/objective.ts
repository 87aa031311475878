import { z } from "zod";
import { duration, milliseconds } from "../common/duration.ts";
import { needed, ownNames, text } from "../common/schemaParts.ts";
import { bucketBounds, metrics, nearestBounds, type CustomBuckets } from "../vllm/index.ts";

/** The latencies that an objective can measure. */
const LATENCIES = {
  time_to_first_token: metrics.timeToFirstToken,
  inter_token_latency: metrics.interTokenLatency,
  time_per_output_token: metrics.requestTimePerOutputToken,
  end_to_end_latency: metrics.endToEndLatency,
};

const MEASURES = ["availability", "errors", "canary", ...Object.keys(LATENCIES)] as (
  "availability" | "errors" | "canary" | keyof typeof LATENCIES
)[];

const objective = z
  .strictObject(
    {
      name: z
        .string(needed("a name", "the objective one; dashboards show it"))
        .min(1, { error: "is empty: give a name; dashboards show it." })
        .describe("Name of the objective, as dashboards and alerts show it."),
      metric: z
        .enum(MEASURES, {
          error: `is not measured: give one of ${MEASURES.join(", ")}.`,
        })
        .describe(`The indicator: ${MEASURES.join(", ")}.`),
      threshold: z
        .number({ error: "is not a number of seconds: give one above 0." })
        .positive({ error: "is not positive: give seconds above 0." })
        .optional()
        .describe(
          "For latencies, and required there: an event is good if it takes at most this many seconds.",
        ),
      target: z
        .number({ error: "is not a share: give one between 0 and 1, such as 0.99." })
        .gt(0, { error: "is not a share: give one between 0 and 1, such as 0.99." })
        .lt(1, {
          error: "leaves no error budget: give less than 1, such as 0.999 for 99.9 %.",
        })
        .describe("Required share of good events over the window, between 0 and 1."),
      window: duration
        .optional()
        .describe(
          "Period over which the objective and its error budget are evaluated. Default: 30 days, or retention.time if that is shorter.",
        ),
      models: z
        .array(text("the name of a model"), {
          error: "is not a list of models: give names of models.",
        })
        .min(1, { error: "is empty: name a model, or leave models out for all of them." })
        .optional()
        .describe("Models that the objective applies to, by model_name. Default: all."),
    },
    { error: "is not an objective: give { name, metric, threshold, target, window, models }." },
  )
  .superRefine(({ metric, threshold }, context) => {
    const latency = metric in LATENCIES;
    if (latency === (threshold !== undefined)) return;
    context.addIssue({
      code: "custom",
      path: ["threshold"],
      input: threshold,
      message: latency
        ? "is missing: a latency is good up to some number of seconds."
        : `has no meaning for ${metric}: remove it.`,
    });
  });

/** A required share of good events, over a window. */
export type Objective = z.output<typeof objective> & { window: string };

/** Fills in an objective's window if none is given; `retention` is how long samples are kept. */
export function withWindow(given: z.output<typeof objective>, retention: string): Objective {
  const longest = milliseconds(retention) < milliseconds("30d") ? retention : "30d";
  return { ...given, window: given.window ?? longest };
}

/**
 * The setting `slo.objectives`. By default, each measure except inter-token latency has one objective; the
 * canary's objective is dropped if no targets have a canary. The threshold for a whole answer is 240 s: a
 * healthy reasoning model takes a minute or two, so a lower threshold would page people for nothing, and
 * clients give up not much later. Every threshold is a bucket bound.
 */
export const objectives = z
  .array(objective, {
    error:
      "is not a list of objectives: give a list of { name, metric, threshold, target, window, models }.",
  })
  .superRefine(ownNames("objectives"))
  .prefault([
    { name: "Available", metric: "availability", target: 0.999 },
    { name: "No errors", metric: "errors", target: 0.999 },
    { name: "First token within 1 s", metric: "time_to_first_token", threshold: 1, target: 0.99 },
    {
      name: "Tokens within 0.1 s",
      metric: "time_per_output_token",
      threshold: 0.1,
      target: 0.99,
    },
    { name: "Done within 240 s", metric: "end_to_end_latency", threshold: 240, target: 0.99 },
    { name: "Canary answered", metric: "canary", target: 0.99 },
  ])
  .describe(
    "Service level objectives, evaluated for each model: a list of { name, metric, threshold, target, window, models }. The canary objective is dropped if no target group has a canary.",
  );

/**
 * Why a threshold cannot be measured with classic histograms; undefined if it can. Classic histograms know
 * a share only at their bucket bounds, and the fleet's servers may have custom buckets.
 */
export function thresholdFault(
  { metric, threshold }: Pick<Objective, "metric" | "threshold">,
  custom: CustomBuckets = {},
): string | undefined {
  if (threshold === undefined || !(metric in LATENCIES)) return undefined;
  const bounds = bucketBounds(LATENCIES[metric as keyof typeof LATENCIES], { custom });
  if (bounds.includes(threshold)) return undefined;
  // Empty if the groups of servers have no bucket in common.
  const nearest = nearestBounds(bounds, threshold).join(" or ");
  const choice = nearest === "" ? "" : `give ${nearest}, or `;
  return `is not the end of a bucket, so that classic histograms cannot tell: ${choice}set histograms to native.`;
}
