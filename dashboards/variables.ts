import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { labelValues, matches, type Matchers, metrics } from "../vllm/index.ts";

const DATASOURCE_VARIABLE = "datasource";

/** The data source of every panel: the one that the reader chose. */
export const DATASOURCE = { type: "prometheus", uid: `\${${DATASOURCE_VARIABLE}}` };

/** What the reader chose, as matchers: what every query of a board is about. */
export const SELECTION = {
  job: matches("$job"),
  model_name: matches("$model_name"),
  instance: matches("$instance"),
};

/**
 * What the reader of a board can choose: a data source and, each narrowed by the ones before it,
 * jobs, models and instances. The choices come from a gauge that every engine always has: taken
 * from all series, they would offer any other exporter's `model_name` too (vllm#9311).
 */
export function boardVariables() {
  const { job, model_name } = SELECTION;
  return [
    new DatasourceVariableBuilder(DATASOURCE_VARIABLE).label("Data source").type("prometheus"),
    choice("job", "Job", {}),
    choice("model_name", "Model", { job }),
    choice("instance", "Instance", { job, model_name }),
  ];
}

/** A list of a label's values, of which any number can be chosen; all at first. */
function choice(
  label: "job" | "model_name" | "instance",
  title: string,
  among: Matchers<typeof metrics.requestsRunning.labels>,
): QueryVariableBuilder {
  const query = labelValues(metrics.requestsRunning, label, among);
  return new QueryVariableBuilder(label)
    .label(title)
    .datasource(DATASOURCE)
    .query({ query, refId: label })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}
