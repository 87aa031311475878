/** Which series exist, and the error for a name that is not a series. */
import { allMetrics } from "../../../vllm/catalogue/index.ts";
import { allExporterMetrics } from "../../../vllm/exporters/index.ts";
import {
  createdName,
  olderThan,
  seriesNames,
  type Metric,
  type SeriesPart,
  type Version,
} from "../../../vllm/metric.ts";

/** What queries may use besides the catalogue. */
export interface CheckOptions {
  /** The form of vLLM's histograms. If not set, both forms are valid, as for other exporters. */
  readonly histograms?: "classic" | "native";
  /** The fleet's oldest release. Queries may use metrics that newer releases removed. */
  readonly oldestVersion?: Version;
  /** Labels that targets have besides `job` and `instance`. */
  readonly targetLabels?: readonly string[];
  /** Series made by recording rules, with their labels. */
  readonly recorded?: Readonly<Record<string, readonly string[]>>;
}

/** A series' metric, and which part of the metric it is. */
export interface MetricSeries {
  readonly metric: Metric;
  readonly part: SeriesPart | "native";
}

/** The series with this name, or a sentence that says why there are none. */
export function findSeries(name: string, options: CheckOptions): MetricSeries | string {
  const series = SERIES.get(name);
  if (series === undefined) return unknown(name);
  const { metric, part } = series;
  const { histograms, oldestVersion } = options;
  if (metric.until && !(oldestVersion && !olderThan(metric.until, oldestVersion))) {
    return removed(name, metric);
  }
  const converted = metric.type === "histogram" && allMetrics.includes(metric);
  if (converted && histograms === "classic" && part === "native") {
    return `${name} is a histogram: classic ones have the series ${Object.values(seriesNames(metric)).join(", ")}.`;
  }
  if (converted && histograms === "native" && part !== "native") {
    return `${name} does not exist where histograms are native: ask for ${metric.name}.`;
  }
  return series;
}

function unknown(name: string): string {
  const created = ALL_METRICS.find((metric) => createdName(metric) === name);
  if (created) return `${name} is dropped at scrape, as all _created series are.`;
  const close = ALL_METRICS.find(
    (metric) =>
      metric.name === name || metric.name === name.replace(/_(total|bucket|sum|count)$/, ""),
  );
  if (close) {
    return `${name} is no series of the ${close.type} ${close.name}: those are ${Object.values(seriesNames(close)).join(", ")}.`;
  }
  return `${name} is in no catalogue.`;
}

function removed(name: string, metric: Metric): string {
  const successor = ALL_METRICS.find(({ renamedFrom }) => renamedFrom === metric);
  const instead = successor ? ` Its name is now ${successor.name}.` : "";
  return `${name} was last exposed by vLLM ${metric.until ?? ""}.${instead}`;
}

const ALL_METRICS: readonly Metric[] = [...allMetrics, ...allExporterMetrics];

const SERIES = new Map<string, MetricSeries>(
  ALL_METRICS.flatMap((metric) => {
    const parts = Object.entries(seriesNames(metric)) as [SeriesPart, string][];
    const series = parts.map(([part, name]): [string, MetricSeries] => [name, { metric, part }]);
    if (metric.type === "histogram") series.push([metric.name, { metric, part: "native" }]);
    return series;
  }),
);
