/** The server's JSON responses to the page. */
import type { DashboardModel } from "./dashboardModel.ts";

export interface DashboardAnswer {
  dashboard: DashboardModel;
  /** The span of time that is shown, in seconds since 1970. */
  time: Span;
  variables: ChosenVariable[];
  annotations: Mark[];
  /** The dashboards that there are. */
  dashboards: { uid: string; title: string; tags: string[] }[];
  dataSources: { uid: string; name: string }[];
}

export interface Span {
  from: number;
  to: number;
}

/** A variable with its options and what is chosen of them. */
export interface ChosenVariable {
  name: string;
  label: string;
  /** Not shown to readers. */
  hidden: boolean;
  multi: boolean;
  includeAll: boolean;
  options: string[];
  /** Values, or `ALL_OPTION` alone. */
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

/** What a query gives. */
export interface QueryAnswer {
  refId: string;
  /** The query as Prometheus got it. */
  expr: string;
  /** `time_series`, `table` or `heatmap`. */
  format: string;
  /** Prometheus's words where it refused. */
  error?: string;
  /** Seconds since 1970, the same for all series: one moment for a query of the present. */
  times: number[];
  series: AnsweredSeries[];
  /** Instead of series, where the format is `heatmap`. */
  buckets?: Bucket[];
}

export interface AnsweredSeries {
  /** As a legend has it. */
  name: string;
  labels: Record<string, string>;
  values: JsonNumber[];
}

/** JSON has no words for NaN and the infinities; null is where there is no value. */
export type JsonNumber = number | null | "NaN" | "Infinity" | "-Infinity";

/** One bucket of a histogram over time. */
export interface Bucket {
  /** Infinity is null. */
  low: number | null;
  high: number | null;
  counts: (number | null)[];
}
