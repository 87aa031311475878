/**
 * The parts of Grafana's classic dashboard JSON that this page draws. A dashboard written by hand or
 * by another program may lack any of them.
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

/** A variable for which a reader can choose values. */
export interface Variable {
  type: string;
  name: string;
  label?: string;
  /** Text, or in some versions of Grafana an object that contains the text. */
  query?: string | { query: string };
  datasource?: { uid?: string };
  /** `/…/`: its capture group replaces each option; options that do not match are dropped. */
  regex?: string;
  sort?: number;
  multi?: boolean;
  includeAll?: boolean;
  /** A regular expression that matches all values. */
  allValue?: string;
  /** 2 hides the variable from readers. */
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
  /** Mark the value, as a time in milliseconds, and not the time of the sample. */
  useValueForTime?: boolean;
}

export interface Panel {
  id: number;
  type: string;
  title?: string;
  /** Markdown. */
  description?: string;
  /** In columns (of 24) and rows. */
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid?: string };
  /** The shortest step of its queries, such as `1m`. */
  interval?: string;
  maxDataPoints?: number;
  targets?: QueryTarget[];
  transformations?: { id: string; options: unknown }[];
  fieldConfig?: { defaults?: FieldConfig; overrides?: Override[] };
  options?: PanelOptions;
  /** Only for a row: it is closed at first, and contains its panels. An open row's panels follow it. */
  collapsed?: boolean;
  panels?: Panel[];
  /** The name of a variable: the row appears once for each of its values. */
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

/** How values are shown: for all fields of a panel, or in an override for some fields. */
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
  /** Each colour applies from its value upwards; the first step has no value. */
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

/** The options of all panel types in one interface: the panel's type decides which ones it has. */
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
