/** Pages of samples with timestamps, from which Prometheus gets a history of recorded series. */
import type { PastSeries } from "../../lab/prometheus/pastRules.ts";

/**
 * The page with the samples of the series. It has native histograms as classic ones, and the scrape has
 * to convert them.
 */
export function pastPage(series: readonly PastSeries[]): string {
  return [...Map.groupBy(series, ({ metric }) => metric.__name__ ?? "")]
    .flatMap(([name, ofName]) => {
      const bounds = boundsOf(ofName);
      if (bounds.length > 0) return ofName.map((one) => histogramsText(name, one, bounds));
      // Without a type line, the preceding histogram would get this series' first timestamp.
      return [`# TYPE ${name} gauge\n`, ...ofName.map((one) => valuesText(name, one))];
    })
    .join("");
}

function valuesText(name: string, { metric, values }: PastSeries): string {
  const labels = labelsText(metric);
  return values.map(([time, value]) => sample(`${name}{${labels}}`, value, time)).join("");
}

/** Each sample with all bounds of its metric, because Prometheus's responses omit empty buckets. */
function histogramsText(
  name: string,
  { metric, histograms = [] }: PastSeries,
  bounds: readonly number[],
): string {
  const labels = labelsText(metric);
  return histograms
    .map(([time, { count = "0", sum = "0", buckets = [] }]) => {
      const upTo = (bound: number) => {
        const below = buckets.filter(([, , high]) => number(high) <= bound);
        // If rounding made the last bucket larger than the count, Prometheus would drop the sample.
        return below.length === buckets.length
          ? count
          : String(below.reduce((all, [, , , own]) => all + Number(own), 0));
      };
      return [
        // Without this line Prometheus takes all samples of a series for one histogram.
        `# TYPE ${name} histogram\n`,
        ...bounds.map((le) => sample(`${name}_bucket{${labels},le="${le}"}`, upTo(le), time)),
        sample(`${name}_bucket{${labels},le="+Inf"}`, count, time),
        sample(`${name}_sum{${labels}}`, sum, time),
        sample(`${name}_count{${labels}}`, count, time),
      ].join("");
    })
    .join("");
}

/** The finite bounds of all buckets in all samples. */
function boundsOf(series: readonly PastSeries[]): number[] {
  const all = series
    .flatMap(({ histograms = [] }) => histograms)
    .flatMap(([, { buckets = [] }]) => buckets.flatMap(([, low, high]) => [low, high]))
    .map(number)
    .filter((bound) => Number.isFinite(bound) && bound > 0);
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Empty labels on the page keep Prometheus from adding the target's labels. */
function labelsText(metric: PastSeries["metric"]): string {
  return Object.entries({ job: "", instance: "", ...metric })
    .filter(([label]) => label !== "__name__")
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(",");
}

function sample(series: string, value: string, time: number): string {
  return `${series} ${value} ${Math.round(time * 1000)}\n`;
}

function number(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
