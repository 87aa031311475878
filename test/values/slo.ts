/**
 * What the dashboard `vLLM / SLO` shows. Rules record most of it, and the fleet's Prometheus in these
 * tests does not have those rules.
 */
import { objectives } from "../../slo/objective.ts";
import type { DashboardValues } from "./expected.ts";
import { objectiveValues } from "./objectives.ts";

const RECORDED = {
  reason:
    "The rules record it: test/prometheus/rules/sloDashboard.prometheus.test.ts compares it with the truth.",
  gives: "nothing",
} as const;

export const slo: DashboardValues = {
  "Error budgets": RECORDED,
  ...Object.fromEntries(
    objectives
      .parse(undefined)
      .filter(({ metric }) => metric !== "canary")
      .map(({ name }) => [`Burn: ${name}`, RECORDED]),
  ),
  Available: [objectiveValues.available],
  "No errors": [objectiveValues.noErrors],
  "First token within 1 s": [objectiveValues.firstToken],
  "Tokens within 0.1 s": [objectiveValues.tokens],
  "Done within 240 s": [objectiveValues.done],
};
