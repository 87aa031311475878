import { z } from "zod";
import { duration, milliseconds } from "../common/duration.ts";
import { NOT_A_GROUP, secret } from "../common/schemaParts.ts";

const count = (what: string) => {
  const error = { error: `is not a number of ${what}: give a whole number from 1 on.` };
  return z.int(error).min(1, error);
};

/**
 * The settings of `canary` in a group of targets. With the defaults, a rank that hangs just after a
 * probe has failed twice after 80 s, so an alert fires within two minutes; vLLM's own timeout is
 * 300 s.
 */
const given = z
  .strictObject(
    {
      interval: duration
        .default("30s")
        .describe("Time between two completions on each data-parallel rank."),
      timeout: duration
        .default("20s")
        .describe("Time limit of a completion. Must be shorter than the interval."),
      maxTokens: count("tokens").default(4).describe("Tokens that each completion generates."),
      requestsPerHour: count("requests")
        .default(1000)
        .describe(
          "Maximum number of completions per server in any 60 minutes, over all ranks. Eight ranks with the default interval need 960.",
        ),
      apiKey: secret("the API key of these servers")
        .optional()
        .describe(
          "The value of --api-key with which these servers were started. Store it as a secret.",
        ),
    },
    NOT_A_GROUP,
  )
  .superRefine(({ interval, timeout }, context) => {
    if (milliseconds(timeout) < milliseconds(interval)) return;
    context.addIssue({
      code: "custom",
      path: ["timeout"],
      input: timeout,
      message: `is not less than the interval, ${interval}: a probe must end before the next one begins.`,
    });
  });

/** How a group of servers is probed. Times are Prometheus durations. */
export type CanarySettings = z.output<typeof given>;

/** The key `canary`: settings, `true` for all defaults, or `false` for no canary. */
export const canarySetting = z.preprocess(
  (value) => (value === true ? {} : value === false ? undefined : value),
  given.optional(),
);

/** JSON Schema of all forms of the key. */
export function canaryJsonSchema(): z.core.JSONSchema.JSONSchema {
  const group = z.toJSONSchema(given, { io: "input", unrepresentable: "any" });
  delete group.$schema;
  return {
    anyOf: [{ type: "boolean" }, group],
    description:
      "Probes these servers with small completions: true, or { interval, timeout, maxTokens, requestsPerHour, apiKey }. See docs/canary.md.",
  };
}
