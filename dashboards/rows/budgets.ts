import * as units from "@grafana/grafana-foundation-sdk/units";
import { math } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { attainment, budgetLeft, burnRate, promisedTime, timeToExhaustion } from "../objectives.ts";
import type { BoardOptions, Objective } from "../options.ts";
import { colours, levels, levelsBelow, table, words, type ValueColumn } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { UIDS } from "../uids.ts";

/** What is left of each promise's budget. */
export function budgets({ now }: Queries, { objectives }: BoardOptions): Row {
  const each = (query: (objective: Objective) => string): string =>
    objectives
      .map(
        (objective) =>
          math`label_replace(${query(objective)}, "objective", "${objective.name}", "", "")`,
      )
      .join(" or ");
  const burning = (window: string): ValueColumn => ({
    title: `Burn ${window}`,
    expr: each((objective) => burnRate(now, objective, window)),
    unit: "suffix: ×",
    decimals: 1,
    width: 90,
    steps: levels({ warning: 1, critical: 6 }),
  });
  return {
    panels: [
      table({
        title: "Budgets",
        question:
          "Which promise is kept, how much of its budget of bad events is left, and how fast does it go? Over 30 days unless the objective says otherwise, or since the first event. A burn rate of 1× spends the budget in just that time.",
        advice:
          "High over an hour and still rising: act now. High over three days only: plan. A click on a model shows what holds it up.",
        height: 14,
        labels: [
          {
            label: "model_name",
            title: "Model",
            drillDown: {
              uid: UIDS.overview,
              title: "What holds this model up",
              label: "model_name",
            },
          },
          { label: "objective", title: "Objective" },
        ],
        sortBy: { title: "Budget left", descending: false },
        columns: [
          {
            title: "Promised",
            expr: each(
              (objective) =>
                math`${attainment(now, objective, promisedTime(objective))} * 0 + ${objective.target}`,
            ),
            unit: units.PercentUnit,
            width: 90,
          },
          {
            title: "Kept",
            expr: each((objective) => attainment(now, objective, promisedTime(objective))),
            unit: units.PercentUnit,
            decimals: 2,
            width: 90,
          },
          {
            title: "Budget left",
            expr: each((objective) => budgetLeft(now, objective)),
            unit: units.PercentUnit,
            decimals: 0,
            width: 110,
            steps: levelsBelow({ warning: 0.5, critical: 0.1 }),
          },
          ...["1h", "6h", "1d", "3d"].map(burning),
          {
            title: "Spent in",
            expr: each((objective) => timeToExhaustion(now, objective)),
            unit: units.DurationSeconds,
            decimals: 0,
            width: 130,
            empty: "not, at this rate",
            mappings: words([{ value: 0, text: "is spent", color: "red" }]),
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
