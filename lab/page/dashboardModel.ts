/**
 * A dashboard as Grafana's classic JSON has it, as far as it is drawn here. What is written by
 * hand, or by another program, may lack any of it.
 */
export interface DashboardModel {
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  time?: { from: string; to: string };
  /** Refresh interval, such as `30s`. */
  refresh?: string;
  templating?: { list?: Variable[] };
  annotations?: { list?: Annotation[] };
  panels?: Panel[];
}

/** What a reader can choose. */
export interface Variable {
  type: string;
  name: string;
  label?: string;
  /** Text, or with some versions of Grafana an object with the text in it. */
  query?: string | { query: string };
  datasource?: { uid?: string };
  /** `/…/`, whose group is taken of each option; options that it does not match are none. */
  regex?: string;
  sort?: number;
  multi?: boolean;
  includeAll?: boolean;
  /** A regular expression that stands for all. */
  allValue?: string;
  /** 2 is a variable that readers do not see. */
  hide?: number;
  current?: { value?: string | string[] };
}

/** Moments that are marked in every chart. */
export interface Annotation {
  name: string;
  expr?: string;
  enable?: boolean;
  datasource?: { uid?: string };
  iconColor?: string;
  titleFormat?: string;
  textFormat?: string;
  step?: string;
  /** The moment is the value, in milliseconds, and not when it was measured. */
  useValueForTime?: boolean;
}

export interface Panel {
  id: number;
  type: string;
  title?: string;
  /** Markdown. */
  description?: string;
  /** Columns of 24, and rows. */
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid?: string };
  /** The shortest step of its queries, such as `1m`. */
  interval?: string;
  maxDataPoints?: number;
  targets?: QueryTarget[];
  transformations?: { id: string; options: unknown }[];
  fieldConfig?: { defaults?: FieldConfig; overrides?: Override[] };
  options?: PanelOptions;
  /** Of a row: it is closed at first, and the panels in it. Those of an open row follow it. */
  collapsed?: boolean;
  panels?: Panel[];
  /** A variable: a row is there once for each of its values. */
  repeat?: string;
}

export interface QueryTarget {
  refId: string;
  expr?: string;
  legendFormat?: string;
  format?: string;
  instant?: boolean;
  range?: boolean;
  /** The shortest step of this query. */
  interval?: string;
  hide?: boolean;
}

/** How values are shown: for all of a panel, or by an override for some. */
export interface FieldConfig {
  unit?: string;
  decimals?: number;
  min?: number;
  max?: number;
  noValue?: string | null;
  displayName?: string;
  mappings?: Mapping[];
  thresholds?: PanelThresholds;
  color?: { mode: string; fixedColor?: string };
  links?: Link[];
  custom?: Record<string, unknown>;
}

export interface Override {
  matcher: { id: string; options?: unknown };
  properties: { id: string; value?: unknown }[];
}

export interface PanelThresholds {
  mode: string;
  /** A colour from each value on; the first has none. */
  steps: { value: number | null; color: string }[];
}

export interface Link {
  title: string;
  url: string;
}

export type Mapping =
  | { type: "value"; options: Record<string, MappingResult> }
  | {
      type: "range";
      options: { from: number | null; to: number | null; result: MappingResult };
    }
  | { type: "special"; options: { match: string; result: MappingResult } };

export interface MappingResult {
  text?: string;
  color?: string;
}

/** The options of all kinds of panels in one: which there are follows from the panel's type. */
export interface PanelOptions {
  legend?: {
    showLegend?: boolean;
    displayMode?: string;
    placement?: string;
    calcs?: string[];
    sortBy?: string;
    sortDesc?: boolean;
  };
  tooltip?: { mode?: string; sort?: string };
  reduceOptions?: { calcs?: string[]; values?: boolean };
  colorMode?: string;
  textMode?: string;
  displayMode?: string;
  sortBy?: { displayName: string; desc?: boolean }[];
  color?: { scheme?: string; reverse?: boolean };
  yAxis?: { unit?: string; decimals?: number };
  rowHeight?: number;
  showValue?: string;
  alignValue?: string;
  mode?: string;
  content?: string;
}
