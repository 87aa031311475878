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
  /** The text that replaces each variable in a query. */
  values: Record<string, string>;
  /** The data source that a panel or variable names, by uid or through a variable. */
  dataSource: (owner: { datasource?: { uid?: string } }) => DataSource | undefined;
}

export interface Circumstances {
  dataSources: DataSource[];
  /** The time range, in seconds since 1970. */
  from: number;
  to: number;
  /**
   * The values that the reader chose for a variable, by its name. A variable without a choice has the
   * dashboard's own value.
   */
  chosen: (name: string) => string[];
}

/**
 * The variables of a dashboard, each with its options and the chosen values. They are queried one
 * after the other, since each may depend on those before it.
 *
 * @throws Error with Prometheus's message and the name of the variable.
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
 * The same for a panel of a dashboard that was evaluated before. Queries only those variables again
 * whose values cannot be derived from the chosen values.
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
 * The reader's choice; else the dashboard's own values, if they are among the options; else all if
 * the variable allows it; else the first option.
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
 * The text for a query, as Grafana's Prometheus data source writes it: several values become an
 * alternation in a regular expression, with their special characters escaped.
 */
function valueOf(variable: Variable, options: string[], chosen: string[]): string {
  if (chosen.includes(ALL_OPTION) && variable.allValue !== undefined) return variable.allValue;
  const values = chosen.includes(ALL_OPTION) ? options : chosen;
  if (!variable.multi && !variable.includeAll) return values[0] ?? "";
  const patterns = values.map((value) =>
    // Escape once for the regular expression, and once for the PromQL string.
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

/** What a variable queries: a label's values, or the current series of an expression. */
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
 * The distinct matches of a regular expression in the options; without one, the options themselves.
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
 * Sorts by Grafana's order numbers: 1 and 2 alphabetically, 3 and 4 numerically; odd ones ascending.
 */
function sorted(options: string[], order: number): string[] {
  if (order === 0) return options;
  const ascending = options.toSorted((a, b) =>
    order <= 2 ? (a < b ? -1 : 1) : parseFloat(a) - parseFloat(b),
  );
  return order % 2 === 1 ? ascending : ascending.reverse();
}
