/** The server's JSON responses to the page. */
import type { DashboardModel } from "./dashboardModel.ts";

export interface DashboardAnswer {
  dashboard: DashboardModel;
  /** The time range shown, in seconds since 1970. */
  time: Span;
  variables: ChosenVariable[];
  annotations: Mark[];
  /** All available dashboards. */
  dashboards: { uid: string; title: string; tags: string[] }[];
  dataSources: { uid: string; name: string }[];
}

export interface Span {
  from: number;
  to: number;
}

/** A variable with its options and the chosen ones. */
export interface ChosenVariable {
  name: string;
  label: string;
  /** Not shown to readers. */
  hidden: boolean;
  multi: boolean;
  includeAll: boolean;
  options: string[];
  /** Values, or only `ALL_OPTION`. */
  chosen: string[];
}

/** A moment at which something happened. */
export interface Mark {
  /** Seconds since 1970. */
  time: number;
  colour: string;
  title: string;
  text: string;
}

export interface PanelAnswer {
  queries: QueryAnswer[];
}

/** The result of a query. */
export interface QueryAnswer {
  refId: string;
  /** The query as sent to Prometheus. */
  expr: string;
  /** `time_series`, `table` or `heatmap`. */
  format: string;
  /** Prometheus's error message if it rejected the query. */
  error?: string;
  /** Seconds since 1970, the same for all series. An instant query has only one moment. */
  times: number[];
  series: AnsweredSeries[];
  /** Replaces the series if the format is `heatmap`. */
  buckets?: Bucket[];
}

export interface AnsweredSeries {
  /** As shown in a legend. */
  name: string;
  labels: Record<string, string>;
  values: JsonNumber[];
}

/** JSON cannot express NaN and the infinities, so they are strings; null means no value. */
export type JsonNumber = number | null | "NaN" | "Infinity" | "-Infinity";

/** One bucket of a histogram over time. */
export interface Bucket {
  /** Infinity is null. */
  low: number | null;
  high: number | null;
  counts: (number | null)[];
}
