import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  ENGINES,
  exporters,
  formatMatchers,
  labelValues,
  matches,
  metrics,
  recordedName,
} from "../vllm/index.ts";

const DATASOURCE_VARIABLE = "datasource";

/** The data source of every panel: the one that the reader chose. */
export const DATASOURCE = { type: "prometheus", uid: `\${${DATASOURCE_VARIABLE}}` };

/** The job and instance that the reader chose, as matchers. */
export const TARGET = { job: matches("$job"), instance: matches("$instance") };

/** What the reader chose, as matchers: what every query of a dashboard about vLLM is about. */
export const SELECTION = {
  job: TARGET.job,
  model_name: matches("$model_name"),
  instance: TARGET.instance,
};

/** The same on a dashboard about models and the whole fleet. */
export const FLEET_SELECTION = { job: SELECTION.job, model_name: SELECTION.model_name };

/** A single model on the wall, whose rows are one each. */
export const WALL_SELECTION = { model_name: SELECTION.model_name };

/** The same on a dashboard that can be narrowed to single engines. */
export const ENGINE_SELECTION = { ...SELECTION, engine: matches("$engine") };

/**
 * What the reader of a dashboard can choose: a data source and, each narrowed by the ones before
 * it, jobs, models and instances. The choices come from a counter that every engine has from its
 * start on: taken from all series, they would offer any other exporter's `model_name` too
 * (vllm#9311).
 */
export function dashboardVariables(): Builder<VariableModel>[] {
  const { job, model_name } = SELECTION;
  const counter = metrics.requestsFinished;
  return [
    dataSource(),
    choice("job", "Job", labelValues(counter, "job")),
    choice("model_name", "Model", labelValues(counter, "model_name", { job })),
    choice("instance", "Instance", labelValues(counter, "instance", { job, model_name })),
  ];
}

/**
 * What the reader of a dashboard about models and the whole fleet can choose: no instance, since what it
 * reads is recorded of jobs and models.
 */
export function fleetVariables(): Builder<VariableModel>[] {
  const { job } = SELECTION;
  return [
    dataSource(),
    choice("job", "Job", `label_values(${ENGINES_RECORDED}, job)`),
    choice(
      "model_name",
      "Model",
      `label_values(${ENGINES_RECORDED}{${formatMatchers({ job })}}, model_name)`,
    ),
  ];
}

const ENGINES_RECORDED = recordedName(ENGINES, "sum");

/** As `dashboardVariables` and, narrowed by all of them, the data-parallel engines of an instance. */
export function engineVariables(): Builder<VariableModel>[] {
  const query = labelValues(metrics.requestsFinished, "engine", SELECTION);
  return [...dashboardVariables(), choice("engine", "Engine", query)];
}

/** Any scraped target: for what Prometheus knows of each of them. */
export function targetVariables(): Builder<VariableModel>[] {
  return [
    dataSource(),
    choice("job", "Job", labelValues(exporters.up, "job")),
    choice("instance", "Instance", labelValues(exporters.up, "instance", { job: TARGET.job })),
  ];
}

/** The targets that are GPU exporters. */
export function gpuVariables(): Builder<VariableModel>[] {
  const gauge = exporters.gpuUtilization;
  return [
    dataSource(),
    choice("job", "Job", labelValues(gauge, "job")),
    choice("instance", "Instance", labelValues(gauge, "instance", { job: TARGET.job })),
  ];
}

/**
 * Models alone, as a query gives them with the label `model_name`, whatever the dashboard's time.
 */
export function modelOnly(query: string): Builder<VariableModel>[] {
  const models = choice("model_name", "Model", `query_result(${query})`);
  return [dataSource(), models.regex('/model_name="([^"]+)"/')];
}

/**
 * A word that stands in a row's title, hidden from the reader: `query` gives it as the label
 * `state`.
 */
export function stateVariable(name: string, query: string): Builder<VariableModel> {
  const text = `query_result(${query})`;
  return queryVariable(name, text).hide(VariableHide.HideVariable).regex('/state="([^"]+)"/');
}

function dataSource(): Builder<VariableModel> {
  return new DatasourceVariableBuilder(DATASOURCE_VARIABLE).label("Data source").type("prometheus");
}

/** A list of a label's values, of which any number can be chosen; all at first. */
function choice(label: string, title: string, query: string): QueryVariableBuilder {
  return queryVariable(label, query)
    .label(title)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ selected: true, text: ["All"], value: ["$__all"] });
}

function queryVariable(name: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged);
}
