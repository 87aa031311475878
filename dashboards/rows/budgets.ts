import * as units from "@grafana/grafana-foundation-sdk/units";
import type { BurnWindow } from "../../slo/recorded.ts";
import type { Row } from "../dashboard.ts";
import { recordedObjectives } from "../objectives.ts";
import {
  colours,
  levels,
  levelsBelow,
  tablePanel,
  words,
  type ValueColumn,
} from "../panels/index.ts";
import { UIDS } from "../uids.ts";
import { TIMES } from "../units.ts";

/** What is left of each objective's error budget. */
export function budgetsRow(): Row {
  return {
    panels: [
      tablePanel({
        title: "Error budgets",
        question:
          "Is each objective met, how much of its error budget is left, and how fast is it spent? Covers the objective's window (30 days by default), or the time since the first event. A burn rate of 1× spends the whole budget in exactly one window.",
        advice:
          "High over an hour and still rising: act now. High over three days only: plan a fix. Click a model to open its Overview.",
        height: 14,
        labels: [
          {
            label: "model_name",
            title: "Model",
            drillDown: {
              uid: UIDS.overview,
              title: "This model on Overview",
              label: "model_name",
              withoutJob: true,
            },
          },
          { label: "objective", title: "SLO" },
        ],
        sortBy: { title: "Budget left", descending: false },
        columns: [
          {
            title: "Objective",
            expr: recordedObjectives.objective,
            unit: units.PercentUnit,
            width: 90,
          },
          {
            title: "Actual",
            expr: recordedObjectives.actual,
            unit: units.PercentUnit,
            decimals: 2,
            width: 90,
          },
          {
            title: "Budget left",
            expr: recordedObjectives.budgetLeft,
            unit: units.PercentUnit,
            decimals: 0,
            width: 110,
            steps: levelsBelow({ warning: 0.5, critical: 0.1 }),
          },
          ...(["1h", "6h", "1d", "3d"] as const).map(burning),
          {
            title: "Spent in",
            expr: recordedObjectives.timeToExhaustion,
            unit: units.DurationSeconds,
            decimals: 0,
            width: 130,
            empty: "never",
            mappings: words([{ value: 0, text: "spent", color: "red" }]),
            steps: colours([
              [null, "text"],
              [0, "red"],
              [86_400, "orange"],
              [7 * 86_400, "green"],
            ]),
          },
        ],
      }),
    ],
  };
}

function burning(window: BurnWindow): ValueColumn {
  return {
    title: `Burn ${window}`,
    expr: recordedObjectives.burnRate(window),
    unit: TIMES,
    decimals: 1,
    width: 90,
    steps: levels({ warning: 1, critical: 6 }),
  };
}
