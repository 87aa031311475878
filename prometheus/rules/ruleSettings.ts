import { z } from "zod";
import { webUrl } from "../../common/schemaParts.ts";
import { urlFault } from "../../common/webUrl.ts";
import { ALERT_NAMES, notAnAlert } from "./alerts/names.ts";
import { alertThresholds } from "./alertThresholds.ts";

/** The keys of the setting `alerting` that determine what fires. */
export const ruleSettings = {
  disabled: z
    .array(z.enum(ALERT_NAMES, { error: ({ input }) => notAnAlert(String(input)) }), {
      error: "is not a list of alerts: give their names.",
    })
    .default([])
    .describe("Names of alerts to turn off."),
  thresholds: alertThresholds,
  runbookUrl: webUrl("https://host/{alert}", runbookUrlFault)
    .optional()
    .describe(
      "URL of your own runbooks, with {alert} in place of the alert's name. Default: the Runbooks dashboard of the stack's Grafana.",
    ),
  timeScale: z
    .number({ error: "is not a number: give one above 0, up to 1." })
    .gt(0, { error: "is not above 0: give a number up to 1." })
    .max(1, { error: "is above 1: give 1, or less for a drill." })
    .default(1)
    .describe(
      "Factor for all windows and waiting times of rules and notifications. 1 in operation; smaller values speed up fault drills.",
    ),
};

function runbookUrlFault(text: string): string | undefined {
  if (!text.includes("{alert}")) {
    return 'has no {alert} in it: give one such as "https://host/{alert}", or leave it out for the runbooks in Grafana.';
  }
  return urlFault(text.replaceAll("{alert}", "alert"));
}
