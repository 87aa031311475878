import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import { recordedObjectives } from "../objectives.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { fleetInterval, fleetQueries } from "../queries.ts";
import { attainmentRow } from "../rows/attainment.ts";
import { budgetsRow } from "../rows/budgets.ts";
import { burnRow } from "../rows/burn.ts";
import { UIDS } from "../uids.ts";
import { modelOnly, SELECTION } from "../variables.ts";

/** Objectives apply to models, wherever these run. */
const SCOPE = { model_name: SELECTION.model_name };

/** Are the objectives met, and how long will the error budget last? */
export function sloDashboard(options: DashboardOptions): Dashboard {
  return dashboard({
    uid: UIDS.slo,
    title: "vLLM / SLO",
    description: "Are the objectives met, and how much of each error budget is left?",
    variables: modelOnly(recordedObjectives.models),
    annotations: annotations(SCOPE),
    from: "now-6h",
    interval: fleetInterval(options),
    rows: [budgetsRow(), attainmentRow(fleetQueries(options, SCOPE), options), burnRow(options)],
  });
}
