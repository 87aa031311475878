import * as units from "@grafana/grafana-foundation-sdk/units";
import { percent } from "../../common/percent.ts";
import { shares, type Row } from "../dashboard.ts";
import { attainment } from "../objectives.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { colours, timeSeriesPanel } from "../panels/index.ts";
import { LOOK_BACK, type Queries } from "../queries.ts";
import { UIDS } from "../uids.ts";

/** Whether each objective is met, over time. */
export function attainmentRow({ q }: Queries, { objectives }: DashboardOptions): Row {
  const widths = inLines(objectives.length);
  return {
    title: "Objectives over time",
    panels: objectives.map((objective, index) =>
      timeSeriesPanel({
        title: objective.name,
        question: `What share of events was good? The objective is ${percent(objective.target)} over ${objective.window}: the red dashed line. ${MEANING[objective.metric]}`,
        advice: "See Error budgets for how much is left, and Burn rates for how fast it is spent.",
        unit: units.PercentUnit,
        width: widths[index] ?? 8,
        height: 7,
        max: 1,
        // A fault that lasts a day is a hundredth: it would be invisible on an axis from 0.
        softMin: objective.target,
        lessIsWorse: true,
        steps: colours([
          [null, "transparent"],
          [objective.target, "red"],
        ]),
        queries: [
          {
            expr: attainment(q, objective, objective.metric === "availability" ? "1h" : LOOK_BACK),
            legend: "{{model_name}}",
          },
        ],
        drillDown: {
          uid: UIDS.slo,
          title: "${__field.labels.model_name} alone",
          label: "model_name",
          withoutJob: true,
        },
      }),
    ),
  };
}

/**
 * Widths of `count` panels, up to three per line. In narrower panels, names leave no room for
 * lines.
 */
function inLines(count: number): number[] {
  const lines = Math.ceil(count / 3);
  return Array.from({ length: lines }, (_, line) => {
    const [from, to] = [line, line + 1].map((end) => Math.ceil((end * count) / lines));
    return shares((to ?? count) - (from ?? 0));
  }).flat();
}

/** What counts as good, by metric. */
export const MEANING = {
  availability: "A minute is good if any server of the model exposed metrics.",
  errors: "A request is good if it neither failed nor was rejected.",
  canary:
    "A canary completion is good if it succeeded; refused connections and 4xx answers do not count.",
  time_to_first_token:
    "A request is good if its first token came in time; failed and rejected requests are bad.",
  inter_token_latency: "A token is good if it came in time.",
  time_per_output_token:
    "A request is good if its tokens came in time on average; single-token requests are left out.",
  end_to_end_latency: "A request is good if it finished in time.",
} as const;
