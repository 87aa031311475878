import type { PanelAnswer, QueryAnswer } from "../answers.ts";
import type { Panel } from "../dashboardModel.ts";
import type { Cell } from "./display.ts";
import { numberOf } from "./series.ts";

/** A table's columns by name, and its rows. */
export interface Table {
  columns: { name: string; title: string }[];
  rows: Record<string, Cell>[];
}

/**
 * The table that a table panel shows. It starts with one table for each query, and applies the
 * panel's transformations in order. It shows the first of the remaining tables.
 *
 * @throws Error for an unknown transformation.
 */
export function tableFor(panel: Panel, { queries }: PanelAnswer): Table {
  let tables = queries.map((query) => tableOf(query, queries.length));
  for (const { id, options } of panel.transformations ?? []) {
    if (id === "merge") tables = [merge(tables)];
    else if (id === "organize")
      tables = tables.map((table) => organize(table, options as Organized));
    else throw new Error(`The transformation "${id}" is not known to this page.`);
  }
  return tables[0] ?? { columns: [], rows: [] };
}

/** A row for each series: its time, its labels and its last value. */
function tableOf({ refId, times, series }: QueryAnswer, queries: number): Table {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))];
  const value = queries === 1 ? "Value" : `Value #${refId}`;
  return {
    columns: ["Time", ...labels, value].map((name) => ({ name, title: name })),
    rows: series.map((one) => ({
      Time: times.at(-1),
      ...Object.fromEntries(labels.map((label) => [label, one.labels[label] ?? ""])),
      [value]: numberOf(one.values.at(-1) ?? null),
    })),
  };
}

/** Merges all tables into one: rows without conflicting values become one row. */
function merge(tables: Table[]): Table {
  const columns = new Map(tables.flatMap((table) => table.columns.map((one) => [one.name, one])));
  const rows: Table["rows"] = [];
  for (const row of tables.flatMap((table) => table.rows)) {
    const fitting = rows.filter((existing) => agree(existing, row));
    for (const existing of fitting) Object.assign(existing, row);
    if (fitting.length === 0) rows.push({ ...row });
  }
  return { columns: [...columns.values()], rows };
}

function agree(one: Record<string, Cell>, other: Record<string, Cell>): boolean {
  return Object.entries(other).every(
    ([name, value]) => one[name] === undefined || one[name] === null || one[name] === value,
  );
}

interface Organized {
  excludeByName?: Record<string, boolean>;
  indexByName?: Record<string, number>;
  renameByName?: Record<string, string>;
}

function organize({ columns, rows }: Table, options: Organized): Table {
  const { excludeByName = {}, indexByName = {}, renameByName = {} } = options;
  const place = ({ name }: { name: string }) => indexByName[name] ?? Infinity;
  const isKept = (name: string) => excludeByName[name] !== true;
  return {
    columns: columns
      .filter(({ name }) => isKept(name))
      .map(({ name, title }) => ({ name, title: renameByName[name] ?? title }))
      .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b))),
    rows: rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => isKept(name))),
    ),
  };
}

/** The rows sorted by a column's values; rows without a value come last. */
export function sortRows(
  { columns, rows }: Table,
  { title, descending }: { title: string; descending: boolean },
): Table["rows"] {
  const name = columns.find((column) => column.title === title)?.name;
  if (name === undefined) return rows;
  return rows.toSorted((a, b) => {
    const [first, second] = [a[name], b[name]];
    const [none, alsoNone] = [first ?? "", second ?? ""].map((value) => value === "");
    if (none || alsoNone) return Number(none) - Number(alsoNone);
    const order =
      typeof first === "number" && typeof second === "number"
        ? first - second
        : String(first).localeCompare(String(second), undefined, { numeric: true });
    return descending ? -order : order;
  });
}
