import { annotations } from "../annotations.ts";
import { dashboard, type Dashboard } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { fleetInterval, fleetQueries } from "../queries.ts";
import { wallModelRow } from "../rows/wallModel.ts";
import { knownModels } from "../serverState.ts";
import { UIDS } from "../uids.ts";
import { modelOnly, WALL_SELECTION } from "../variables.ts";

/** Does every model serve its users? For a screen across the room. */
export function wallDashboard(options: DashboardOptions): Dashboard {
  const queries = fleetQueries(options, WALL_SELECTION);
  const everything = fleetQueries(options, {});
  return dashboard({
    uid: UIDS.wall,
    title: "vLLM / Wall",
    description:
      "Does every model serve its users? For a wall screen. Includes models with all servers down.",
    variables: modelOnly(knownModels(everything)),
    annotations: annotations({}, "none"),
    from: "now-3h",
    interval: fleetInterval(options),
    rows: [wallModelRow(queries, options)],
  });
}
