import {
  CustomVariableBuilder,
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

/** The data source that the reader chose, for every panel. */
export const DATASOURCE = { type: "prometheus", uid: `\${${DATASOURCE_VARIABLE}}` };

/** The job and instance that the reader chose, as matchers. */
export const TARGET = { job: matches("$job"), instance: matches("$instance") };

/** The reader's choice, as matchers for every query of a dashboard about vLLM. */
export const SELECTION = {
  job: TARGET.job,
  model_name: matches("$model_name"),
  instance: TARGET.instance,
};

/** The same on a dashboard about models and the whole fleet. */
export const FLEET_SELECTION = { job: SELECTION.job, model_name: SELECTION.model_name };

/** The model of a row on the wall dashboard, which has one row per model. */
export const WALL_SELECTION = { model_name: SELECTION.model_name };

/** The same on a dashboard that can be narrowed to single engines. */
export const ENGINE_SELECTION = { ...SELECTION, engine: matches("$engine") };

/**
 * What the reader of a dashboard can choose: a data source, jobs, models and instances. Each choice
 * narrows the ones after it. The values come from a counter that every engine exposes from its
 * start. Taken from all series, they would include the `model_name` of other exporters (vllm#9311).
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
 * What the reader of a dashboard about models and the whole fleet can choose. There is no instance,
 * since the series that it reads are recorded by job and model.
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

/** The same for lines of a dashboard that shows servers: only of those that `shownVariables` chooses. */
export const SHOWN_SELECTION = { ...ENGINE_SELECTION, instance: matches("$shown") };

/** The maximum number of servers with lines. More lines are unreadable and overload Prometheus. */
export const MOST_SHOWN = 50;

/** What servers can be ranked by: the names of recorded series, after `instance:vllm_`. */
const RANKS = [
  "requests_running",
  "requests_waiting",
  "kv_cache_usage",
  "time_to_first_token_seconds:p95",
  "inter_token_latency_seconds:p95",
];

/**
 * Which of the selected servers have lines. The reader selects what they are ranked by; servers that are
 * down come first, and servers without a value last.
 *
 * @param down Selects the servers that are down, with the label `instance`.
 * @param known Selects the servers whose model is known.
 */
export function shownVariables(down: string, known: string): Builder<VariableModel>[] {
  const rank = new CustomVariableBuilder("rank")
    .label(`Top ${MOST_SHOWN} by`)
    .values(RANKS.join(","))
    .current({ selected: true, text: RANKS[0] ?? "", value: RANKS[0] ?? "" });
  const { job, model_name, instance } = SELECTION;
  const name = matches("instance:vllm_${rank}.*");
  const ranked = `{${formatMatchers({ __name__: name, job, model_name, instance })}}`;
  const ranking = [`${down} * 0 + 1e9`, ranked, `${known} * 0 - 1`]
    .map((query) => `max by (instance) (${query})`)
    .join(" or ");
  const top = `query_result(topk(${MOST_SHOWN}, ${ranking}))`;
  const shown = queryVariable("shown", top)
    .hide(VariableHide.HideVariable)
    .regex('/instance="([^"]+)"/')
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ["All"], value: ["$__all"] });
  return [rank, shown];
}

/**
 * As `dashboardVariables`, and the data-parallel engines of an instance, narrowed by all of these.
 */
export function engineVariables(): Builder<VariableModel>[] {
  const query = labelValues(metrics.requestsFinished, "engine", SELECTION);
  return [...dashboardVariables(), choice("engine", "Engine", query)];
}

/** All scraped targets, for dashboards of what Prometheus knows about each of them. */
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
 * Only models, as `query` returns them in the label `model_name`, whatever the dashboard's time
 * range.
 */
export function modelOnly(query: string): Builder<VariableModel>[] {
  const models = choice("model_name", "Model", `query_result(${query})`);
  return [dataSource(), models.regex('/model_name="([^"]+)"/')];
}

/**
 * A hidden variable with a word for a row's title. `query` returns the word in the label `state`.
 */
export function stateVariable(name: string, query: string): Builder<VariableModel> {
  const text = `query_result(${query})`;
  return queryVariable(name, text).hide(VariableHide.HideVariable).regex('/state="([^"]+)"/');
}

function dataSource(): Builder<VariableModel> {
  return new DatasourceVariableBuilder(DATASOURCE_VARIABLE).label("Data source").type("prometheus");
}

/**
 * A list of a label's values. The reader can choose any number of them; at first all are chosen.
 */
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
