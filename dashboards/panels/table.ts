/** Tables with a row per model, instance or other label of the queries, and a column per query. */
import type { DynamicConfigValue, ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { ThresholdsConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import * as table from "@grafana/grafana-foundation-sdk/table";
import { hasColour } from "./mappings.ts";
import {
  dataLink,
  setCommonOptions,
  instantTarget,
  NO_TRAFFIC,
  refId,
  sizedPanel,
  type DrillDown,
  type PanelArgs,
  type SizedPanel,
} from "./panel.ts";

/** A column that shows a label. */
export interface LabelColumn {
  label: string;
  title: string;
  /** Unit of a label that is a number. By default, the label is shown as it is. */
  unit?: string;
  width?: number;
  /** Words, and their colours, for the label's values. */
  mappings?: ValueMapping[];
  /** Where a click on a value leads. */
  drillDown?: DrillDown;
  /** Not shown: links of other columns read it. */
  hidden?: true;
}

/** A column that shows a query's value in each row. */
export interface ValueColumn {
  title: string;
  /** PromQL that returns one series per row, by the table's labels. */
  expr: string;
  unit: string;
  decimals?: number;
  width?: number;
  /** The text colour from each value upwards. */
  steps?: Builder<ThresholdsConfig>;
  mappings?: ValueMapping[];
  /** What a cell without a value says. */
  empty?: string;
  /** Not shown: its labels say it all. */
  hidden?: true;
}

/** A column by its title; ascending by default. */
interface Sort {
  title: string;
  descending?: boolean;
}

/** A table of current values. */
export function tablePanel(
  args: Omit<PanelArgs, "unit" | "drillDown" | "steps"> & {
    labels: LabelColumn[];
    columns: ValueColumn[];
    /** Titles of the columns of the initial sort; the first has the highest priority. */
    sortBy?: Sort | Sort[];
  },
): SizedPanel {
  const { labels, columns } = args;
  const builder = setCommonOptions(new table.PanelBuilder(), { ...args, unit: "none" })
    .targets(
      columns.map(({ expr }, index) =>
        instantTarget({ expr, legend: "" }, index).format(PromQueryFormat.Table),
      ),
    )
    .transformations([
      ...(columns.some(({ expr }) => isBare(expr)) ? [WITHOUT_METRIC_NAMES] : []),
      { id: "merge", options: {} },
      { id: "organize", options: organized(labels, columns) },
    ])
    .filterable(false)
    // Grafana's own 150 would push the last columns out of a narrow table.
    .minWidth(80);
  if (args.sortBy) {
    builder.sortBy(
      [args.sortBy].flat().map(({ title: displayName, descending: desc = false }) => ({
        build: () => ({ displayName, desc }),
      })),
    );
  }
  for (const column of labels) builder.overrideByName(column.title, labelProperties(column));
  for (const column of columns) builder.overrideByName(column.title, valueProperties(column));
  return sizedPanel(builder, args, { width: 24, height: 8 });
}

/**
 * Whether a query selects a stored metric as it is, so that its series keep the metric name as a
 * label.
 */
function isBare(expr: string): boolean {
  return /^[\w:]+(\{.*\})?$/.test(expr);
}

/**
 * Grafana would make a column of the metric name too, and would not merge rows that differ in it.
 */
const WITHOUT_METRIC_NAMES = { id: "organize", options: { excludeByName: { __name__: true } } };

/**
 * Titles and order of the columns. With a single query, the name of the value field has no letter.
 */
function organized(labels: LabelColumn[], columns: ValueColumn[]) {
  const value = (index: number) => (columns.length === 1 ? "Value" : `Value #${refId(index)}`);
  const titles: [field: string, title: string][] = [
    ...labels.map(({ label, title }): [string, string] => [label, title]),
    ...columns.map(({ title }, index): [string, string] => [value(index), title]),
  ];
  return {
    excludeByName: Object.fromEntries([
      ["Time", true],
      ...columns.flatMap(({ hidden }, index) => (hidden ? [[value(index), true]] : [])),
    ]) as Record<string, boolean>,
    indexByName: Object.fromEntries(titles.map(([field], index) => [field, index])),
    renameByName: Object.fromEntries(titles),
  };
}

function labelProperties(column: LabelColumn): DynamicConfigValue[] {
  const { unit = "string", width, mappings, drillDown, hidden } = column;
  const coloured = mappings?.some(hasColour);
  return [
    { id: "unit", value: unit },
    // The panel's own text for an empty cell applies to values, not to labels.
    { id: "noValue", value: "–" },
    ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
    ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings }]),
    ...(coloured ? COLOURED_TEXT : []),
    ...(hidden ? HIDDEN : []),
    ...(drillDown === undefined
      ? []
      : [{ id: "links", value: [{ ...dataLink(drillDown, "${__value.raw}").build() }] }]),
  ];
}

function valueProperties(column: ValueColumn): DynamicConfigValue[] {
  const { unit, decimals, width, steps, mappings, empty = NO_TRAFFIC } = column;
  const coloured = steps !== undefined || mappings?.some(hasColour);
  return [
    { id: "unit", value: unit },
    { id: "noValue", value: empty },
    ...(decimals === undefined ? [] : [{ id: "decimals", value: decimals }]),
    ...(width === undefined ? [] : [{ id: "custom.width", value: width }]),
    ...(steps === undefined ? [] : [{ id: "thresholds", value: steps.build() }]),
    ...(mappings === undefined ? [] : [{ id: "mappings", value: mappings }]),
    ...(coloured ? COLOURED_TEXT : []),
  ];
}

/**
 * Links could not read a column that a transformation excludes. Grafana 12 reads the second form.
 */
const HIDDEN: DynamicConfigValue[] = [
  { id: "custom.hidden", value: true },
  { id: "custom.hideFrom", value: { viz: true, legend: false, tooltip: false } },
];

/** Grafana 9.4 reads the second form, later ones the first. */
const COLOURED_TEXT: DynamicConfigValue[] = [
  { id: "custom.cellOptions", value: { type: "color-text" } },
  { id: "custom.displayMode", value: "color-text" },
];
