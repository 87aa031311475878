import { shares, type Row } from "../dashboard.ts";
import { recordedObjectives } from "../objectives.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel } from "../panels/index.ts";
import { UIDS } from "../uids.ts";
import { TIMES } from "../units.ts";
import { MEANING } from "./attainment.ts";

/** When the error budgets were spent. */
export function burnRow({ objectives }: DashboardOptions): Row {
  const widths = shares(2);
  return {
    title: "Burn rates",
    panels: objectives.map((objective, index) =>
      timeSeriesPanel({
        title: `Burn: ${objective.name}`,
        question: `When was the error budget spent, and how fast in each hour? 1× is exactly the allowed rate. ${MEANING[objective.metric]}`,
        advice: "Compare the time of a peak with the marked restarts, config changes and alerts.",
        unit: TIMES,
        width: widths[index % 2] ?? 12,
        steps: levels({ warning: 1, critical: 6 }),
        queries: [{ expr: recordedObjectives.burnOf(objective), legend: "{{model_name}}" }],
        drillDown: {
          uid: UIDS.overview,
          title: "${__field.labels.model_name} on Overview",
          label: "model_name",
          withoutJob: true,
        },
      }),
    ),
  };
}
