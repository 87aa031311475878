import { isObject, text } from "./http.ts";
import { interpolate } from "./interpolation.ts";
import * as prometheus from "./prometheus.ts";
import { reason, seriesName } from "./queries.ts";
import type { Dashboard, DataSource, Store } from "./store.ts";

/** A panel with what its queries answer now. */
export interface EvaluatedPanel {
  title: string;
  description: string;
  type: string;
  /** Unit of the values, as Grafana names it: `s`, `percentunit`. */
  unit: string;
  /** Place in a grid of 24 columns. */
  width: number;
  queries: EvaluatedQuery[];
}

export interface EvaluatedQuery {
  /** The query as Prometheus got it. */
  expr: string;
  /** Series by name, each with its values over the board's span of time. */
  series: { name: string; values: [time: number, value: number][] }[];
  error?: string;
}

/** A variable of a board that people choose values of. */
export interface Choice {
  name: string;
  label: string;
  options: string[];
  /** What is chosen; nothing stands for all. */
  chosen: string[];
}

/** What a page shows of a board. */
export interface EvaluatedBoard {
  choices: Choice[];
  panels: EvaluatedPanel[];
  /** The span of time that is shown, in seconds. */
  range: prometheus.Range;
}

/** How many values of each series are asked for, at most. */
const POINTS = 120;

/**
 * Runs every query of a board, over its span of time and with the values of its variables that
 * `parameters` chooses (`from=now-15m&var-job=vllm`, as in Grafana's own URLs).
 */
export async function evaluateBoard(
  { model }: Dashboard,
  store: Store,
  parameters: URLSearchParams,
): Promise<EvaluatedBoard> {
  const from = parameters.get("from") ?? text(isObject(model.time) ? model.time.from : "");
  const end = Math.floor(Date.now() / 1000);
  const length = Math.max(60, prometheus.parseDuration(/^now-(\w+)$/.exec(from)?.[1]) ?? 3600);
  const findSource = dataSourceOf(store);

  const variables: Record<string, string> = {};
  const choices: Choice[] = [];
  for (const variable of list(isObject(model.templating) ? model.templating.list : [])) {
    if (variable.type !== "query") continue;
    const { choice, value } = await evaluateVariable(variable, findSource(variable), variables, {
      chosen: parameters.getAll(`var-${text(variable.name)}`).filter(Boolean),
    });
    choices.push(choice);
    variables[choice.name] = value;
  }

  const panels = flatten(list(model.panels)).map(async (panel): Promise<EvaluatedPanel> => {
    const dataSource = findSource(panel);
    const step = Math.max(
      Math.ceil(length / POINTS),
      dataSource ? prometheus.scrapeInterval(dataSource) : 0,
    );
    return {
      ...describe(panel),
      queries: await Promise.all(
        list(panel.targets).map((target) =>
          evaluateTarget(target, dataSource, { start: end - length, end, step }, variables),
        ),
      ),
    };
  });
  return {
    choices,
    panels: await Promise.all(panels),
    range: { start: end - length, end, step: length / POINTS },
  };
}

/** Finds the data source that a panel or variable names; one chosen by a variable is the default. */
function dataSourceOf({ data }: Store): (owner: Record<string, unknown>) => DataSource | undefined {
  return ({ datasource }) => {
    const uid = isObject(datasource) ? text(datasource.uid) : "";
    return (
      data.dataSources.find((source) => source.uid === uid) ??
      data.dataSources.find((source) => source.isDefault)
    );
  };
}

async function evaluateVariable(
  variable: Record<string, unknown>,
  dataSource: DataSource | undefined,
  variables: Record<string, string>,
  { chosen }: { chosen: string[] },
): Promise<{ choice: Choice; value: string }> {
  const name = text(variable.name);
  const query = isObject(variable.query) ? text(variable.query.query) : text(variable.query);
  const [, match, label = ""] =
    /^label_values\((?:(.+),)?\s*(\w+)\)$/.exec(interpolate(query, timeless(variables))) ?? [];
  const options =
    dataSource && label
      ? await prometheus.labelValues(dataSource, label, match).catch(() => [])
      : [];
  const selection =
    chosen.length > 0 || variable.includeAll === true ? chosen : options.slice(0, 1);
  const value =
    selection.length === 0
      ? text(variable.allValue, ".*")
      : selection.length === 1
        ? (selection[0] ?? "")
        : `(${selection.join("|")})`;
  return {
    choice: { name, label: text(variable.label, name), options, chosen: selection },
    value,
  };
}

/** A variable's query knows the variables before it, and nothing of steps and spans. */
function timeless(variables: Record<string, string>) {
  return { step: 0, scrapeInterval: 0, range: 0, variables };
}

async function evaluateTarget(
  target: Record<string, unknown>,
  dataSource: DataSource | undefined,
  range: prometheus.Range,
  variables: Record<string, string>,
): Promise<EvaluatedQuery> {
  if (!dataSource)
    return { expr: text(target.expr), series: [], error: "There is no data source." };
  const expr = interpolate(text(target.expr), {
    step: range.step,
    scrapeInterval: prometheus.scrapeInterval(dataSource),
    range: range.end - range.start,
    variables,
  });
  try {
    const found =
      target.instant === true && target.range !== true
        ? await prometheus.queryInstant(dataSource, expr, range.end)
        : await prometheus.queryRange(dataSource, expr, range);
    const series = found.map(({ metric, values }) => ({
      name: seriesName(text(target.legendFormat), metric),
      values: values.map(([time, value]): [number, number] => [
        time,
        Number(value.replace("Inf", "Infinity")),
      ]),
    }));
    return { expr, series };
  } catch (error) {
    return { expr, series: [], error: reason(error) };
  }
}

function describe(panel: Record<string, unknown>): Omit<EvaluatedPanel, "queries"> {
  const defaults = isObject(panel.fieldConfig) ? panel.fieldConfig.defaults : undefined;
  const place = isObject(panel.gridPos) ? panel.gridPos : {};
  const axis = isObject(panel.options) && isObject(panel.options.yAxis) ? panel.options.yAxis : {};
  return {
    title: text(panel.title),
    description: text(panel.description),
    type: text(panel.type),
    unit: text(isObject(defaults) ? defaults.unit : "") || text(axis.unit),
    width: typeof place.w === "number" ? place.w : 12,
  };
}

/** The panels in their order; those of a collapsed row follow it. */
function flatten(panels: Record<string, unknown>[]): Record<string, unknown>[] {
  return panels.flatMap((panel) => [panel, ...list(panel.panels)]);
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
