import { z } from "zod";
import { ALERT_NAMES, notAnAlert } from "./alerts/names.ts";
import { alertThresholds } from "./thresholds.ts";

/** The keys of the setting `alerting` that say what fires. */
export const ruleSettings = {
  disabled: z
    .array(z.enum(ALERT_NAMES, { error: ({ input }) => notAnAlert(String(input)) }), {
      error: "is not a list of alerts: give their names.",
    })
    .default([])
    .describe("Alerts that are turned off, by name."),
  thresholds: alertThresholds,
  runbookUrl: z
    .string({ error: 'is not a URL: give one with {alert} in it, such as "https://host/{alert}".' })
    .regex(/^https?:\/\/\S*\{alert\}\S*$/, {
      error:
        'is not a URL with {alert} in it: give one such as "https://host/{alert}", or leave it out for the runbooks in Grafana.',
    })
    .optional()
    .describe(
      "URL of the runbooks, with {alert} where the alert's name belongs; by default the dashboard of runbooks in the stack's own Grafana.",
    ),
  timeScale: z
    .number({ error: "is not a number: give one above 0, up to 1." })
    .gt(0, { error: "is not above 0: give a number up to 1." })
    .max(1, { error: "is above 1: give 1, or less for a drill." })
    .default(1)
    .describe(
      "All windows and waiting times of rules and messages, times this: 1, or less for a drill.",
    ),
};
