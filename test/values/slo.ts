/** The board `vLLM / SLO` reads what the rules record, of which a fleet's Prometheus here has none. */
import { objectives } from "../../slo/objective.ts";
import type { BoardValues } from "./expected.ts";

const RECORDED = {
  reason:
    "The rules record it: test/prometheus/rules/sloBoard.prometheus.test.ts compares it with the truth.",
  gives: "nothing",
} as const;

export const slo: BoardValues = {
  Budgets: RECORDED,
  ...Object.fromEntries(objectives.parse(undefined).map(({ name }) => [`Burn: ${name}`, RECORDED])),
};
