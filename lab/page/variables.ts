import type { ChosenVariable, Span } from "./answers.ts";
import { ALL_OPTION } from "./data/allOption.ts";
import { fillIn, interpolate } from "./interpolation.ts";
import type { Variable } from "./dashboardModel.ts";
import {
  type DataSource,
  fetchLabelValues,
  queryInstant,
  reason,
  scrapeInterval,
} from "./prometheus.ts";

export interface Evaluated {
  variables: ChosenVariable[];
  /** What stands in a query for each variable. */
  values: Record<string, string>;
  /** The data source that a panel or variable names, by its uid or by a variable. */
  dataSource: (owner: { datasource?: { uid?: string } }) => DataSource | undefined;
}

export interface Circumstances {
  dataSources: DataSource[];
  /** The span of time, in seconds since 1970. */
  from: number;
  to: number;
  /**
   * What the reader chose of each variable, by its name; what is not named is as the dashboard
   * says.
   */
  chosen: (name: string) => string[];
}

/**
 * The variables of a dashboard, each with its options and what is chosen. They are asked for one
 * after the other, since each may depend on those before it.
 *
 * @throws Error with Prometheus's words, and the name of the variable.
 */
export async function evaluateVariables(
  list: Variable[],
  circumstances: Circumstances,
): Promise<Evaluated> {
  const evaluated = emptyAs(circumstances.dataSources);
  for (const variable of list) {
    const options = await optionsOf(variable, evaluated, circumstances);
    take(evaluated, variable, options, circumstances.chosen(variable.name));
  }
  return evaluated;
}

/**
 * The same for a panel of a dashboard that was evaluated before: only those variables are asked for
 * again whose values do not follow from what is chosen.
 */
export async function evaluateForPanel(
  list: Variable[],
  circumstances: Circumstances,
): Promise<Evaluated> {
  const evaluated = emptyAs(circumstances.dataSources);
  for (const variable of list) {
    const chosen = circumstances.chosen(variable.name);
    const known =
      chosen.length > 0 && (!chosen.includes(ALL_OPTION) || variable.allValue !== undefined);
    const options = known ? chosen : await optionsOf(variable, evaluated, circumstances);
    take(evaluated, variable, options, chosen);
  }
  return evaluated;
}

function emptyAs(dataSources: DataSource[]): Evaluated {
  const values: Record<string, string> = {};
  return {
    variables: [],
    values,
    dataSource({ datasource }) {
      const uid = fillIn(datasource?.uid ?? "", values);
      return (
        dataSources.find((source) => source.uid === uid) ??
        dataSources.find(({ isDefault }) => isDefault)
      );
    },
  };
}

function take(evaluated: Evaluated, variable: Variable, options: string[], wanted: string[]): void {
  const { name, includeAll = false, multi = false } = variable;
  const chosen = choose(variable, options, wanted);
  evaluated.values[name] = valueOf(variable, options, chosen);
  evaluated.variables.push({
    ...{ name, label: variable.label ?? name, hidden: variable.hide === 2 },
    ...{ multi, includeAll, options, chosen },
  });
}

/**
 * What the reader wants; else what the dashboard says, as long as it is there; else the first
 * option.
 */
function choose(variable: Variable, options: string[], wanted: string[]): string[] {
  if (wanted.length > 0) return wanted.includes(ALL_OPTION) ? [ALL_OPTION] : wanted;
  const kept = [variable.current?.value ?? []]
    .flat()
    .filter((value) => value === ALL_OPTION || options.includes(value));
  if (kept.length > 0) return kept;
  return variable.includeAll ? [ALL_OPTION] : options.slice(0, 1);
}

/**
 * What stands in a query, as Grafana's Prometheus data source writes it: several values are an
 * alternative of regular expressions, in which their own special characters mean nothing.
 */
function valueOf(variable: Variable, options: string[], chosen: string[]): string {
  if (chosen.includes(ALL_OPTION) && variable.allValue !== undefined) return variable.allValue;
  const values = chosen.includes(ALL_OPTION) ? options : chosen;
  if (!variable.multi && !variable.includeAll) return values[0] ?? "";
  const patterns = values.map((value) =>
    // Once for the regular expression, once for the text in PromQL.
    value.replace(/\\/g, "\\\\\\\\").replace(/[$^*{}[\]'+?.()|]/g, "\\\\$&"),
  );
  return patterns.length === 1 ? (patterns[0] ?? "") : `(${patterns.join("|")})`;
}

async function optionsOf(
  variable: Variable,
  evaluated: Evaluated,
  circumstances: Circumstances,
): Promise<string[]> {
  const query = typeof variable.query === "object" ? variable.query.query : (variable.query ?? "");
  switch (variable.type) {
    case "datasource":
      return dataSourceOptions(circumstances.dataSources, query);
    case "custom":
    case "interval":
    case "constant":
      return query.split(",").map((option) => option.trim());
    case "query":
      return queryOptions(variable, query, evaluated, circumstances);
    default:
      throw new Error(
        `Variable ${variable.name}: a variable of type "${variable.type}" is not known here.`,
      );
  }
}

function dataSourceOptions(dataSources: DataSource[], type: string): string[] {
  return dataSources
    .filter((source) => source.type === type)
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ uid }) => uid);
}

async function queryOptions(
  variable: Variable,
  query: string,
  evaluated: Evaluated,
  { from, to }: Circumstances,
): Promise<string[]> {
  const dataSource = evaluated.dataSource(variable);
  if (!dataSource) throw new Error(`Variable ${variable.name}: there is no data source.`);
  const span = { from, to };
  try {
    const asked = variableQuery(query, dataSource, { values: evaluated.values, time: span });
    const found = await ask(dataSource, asked, span);
    return sorted(matching(found, variable.regex ?? ""), variable.sort ?? 0);
  } catch (error) {
    throw new Error(`Variable ${variable.name}: ${reason(error)}`);
  }
}

/** What a variable asks for: a label's values, or the series of an expression now. */
export type VariableQuery = { label: string; match: string | undefined } | { expr: string };

/** @throws Error for a query that is neither `label_values(…)` nor `query_result(…)`. */
export function variableQuery(
  query: string,
  dataSource: DataSource,
  { values, time }: { values: Record<string, string>; time: Span },
): VariableQuery {
  const interval = scrapeInterval(dataSource);
  const filledIn = interpolate(query, {
    ...{ step: interval, scrapeInterval: interval },
    ...{ range: time.to - time.from, variables: values },
  });
  const [, match, label] = /^label_values\((?:([^]+),)?\s*(\w+)\s*\)$/.exec(filledIn) ?? [];
  if (label !== undefined) return { label, match };
  const [, expr] = /^query_result\(([^]+)\)$/.exec(filledIn) ?? [];
  if (expr === undefined) throw new Error(`this kind of query is not known here: ${filledIn}`);
  return { expr };
}

async function ask(
  dataSource: DataSource,
  asked: VariableQuery,
  { from, to }: Span,
): Promise<string[]> {
  if ("label" in asked) {
    return fetchLabelValues(dataSource, asked.label, asked.match, { start: from, end: to });
  }
  const series = await queryInstant(dataSource, asked.expr, to);
  return series.map(({ metric, values: [[time, value] = [0, ""]] }) => {
    const { __name__: name = "", ...labels } = metric;
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
    return `${name}{${pairs.join(",")}} ${value} ${time * 1000}`;
  });
}

/**
 * What a regular expression finds in the options, each once; without one the options themselves.
 */
function matching(options: string[], regex: string): string[] {
  const [, pattern = "", flags = ""] = /^\/([^]*)\/(\w*)$/.exec(regex) ?? ["", regex];
  if (!pattern) return [...new Set(options)];
  const expression = new RegExp(pattern, flags.replace("g", ""));
  const found = options.flatMap((option) => {
    const match = expression.exec(option);
    return match ? [match[1] ?? match[0]] : [];
  });
  return [...new Set(found)];
}

/**
 * In the orders that Grafana numbers: 1 and 2 by alphabet, 3 and 4 by number, odd ones ascending.
 */
function sorted(options: string[], order: number): string[] {
  if (order === 0) return options;
  const ascending = options.toSorted((a, b) =>
    order <= 2 ? (a < b ? -1 : 1) : parseFloat(a) - parseFloat(b),
  );
  return order % 2 === 1 ? ascending : ascending.reverse();
}
