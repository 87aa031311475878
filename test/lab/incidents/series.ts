/** Recorded incidents as the series that Prometheus would store. */
import { CANARY_HOST, CANARY_PORT } from "../../../canary/canaryServer.ts";
import { CANARY_JOB } from "../../../common/jobs.ts";
import type { Incident, Scrape } from "../../../lab/incidents/timeline.ts";
import { parseExposition, type Family, type Sample } from "../../../vllm/exposition.ts";
import type { PromtoolSeries } from "../../prometheus/rules/serverLife.ts";

export interface SeriesOptions {
  readonly histograms: "classic" | "native";
  /** Labels of the target. */
  readonly target: Readonly<Record<string, string>>;
  /** Selects metrics, to leave out those that nothing reads: the run time grows with their number. */
  readonly wanted?: (metric: string) => boolean;
}

/** A scrape with parsed pages; `page` is absent if the scrape failed. */
export interface ReadScrape {
  readonly seconds: number;
  readonly page?: readonly Family[];
  readonly canary?: readonly Family[];
}

export function readScrape({ seconds, page, canary }: Scrape): ReadScrape {
  return {
    seconds,
    ...(page === undefined ? {} : { page: parseExposition(page) }),
    ...(canary === undefined ? {} : { canary: parseExposition(canary) }),
  };
}

/**
 * The series of an incident, one sample for each scrape, as the stack's scrape job stores them: with
 * the target's labels, without `_created`, and with `up` and the duration of each scrape. A series
 * becomes stale when a page no longer has it or its scrape fails. The canary's series also have the
 * target's labels, as in the stack.
 */
export function incidentSeries(
  { scrapes }: Pick<Incident, "scrapes">,
  options: SeriesOptions,
): PromtoolSeries[] {
  return seriesOfScrapes(scrapes.map(readScrape), options);
}

/** The same for any scrapes that follow each other at the incident's scrape interval. */
export function seriesOfScrapes(
  scrapes: readonly ReadScrape[],
  options: SeriesOptions,
): PromtoolSeries[] {
  const columns = new Map<string, string[]>();
  for (const [index, scrape] of scrapes.entries()) {
    for (const [series, value] of samplesOf(scrape, options)) {
      const known = columns.get(series);
      const column = known ?? Array<string>(scrapes.length).fill("_");
      if (!known) columns.set(series, column);
      column[index] = value;
    }
  }
  return [...columns].map(([series, column]) => ({ series, values: written(column) }));
}

function* samplesOf(scrape: ReadScrape, options: SeriesOptions): Generator<[string, string]> {
  yield* vllmSamples(scrape, options);
  yield* canarySamples(scrape, options);
}

function* vllmSamples(scrape: ReadScrape, options: SeriesOptions): Generator<[string, string]> {
  const { target, histograms, wanted = () => true } = options;
  yield [selector("up", target), scrape.page === undefined ? "0" : "1"];
  yield [selector("scrape_duration_seconds", target), `${scrape.seconds}`];
  for (const family of scrape.page ?? []) {
    if (!wanted(family.name)) continue;
    if (family.type === "histogram" && histograms === "native") {
      yield* nativeSamples(family, target);
    } else {
      for (const { name, labels, value } of family.samples) {
        if (name.endsWith("_created")) continue;
        yield [selector(name, { ...labels, ...target }), number(value)];
      }
    }
  }
}

function* canarySamples(
  { canary }: ReadScrape,
  { target, wanted = () => true }: SeriesOptions,
): Generator<[string, string]> {
  if (canary === undefined) return;
  yield [selector("up", { job: CANARY_JOB, instance: `${CANARY_HOST}:${CANARY_PORT}` }), "1"];
  for (const family of canary) {
    if (!wanted(family.name)) continue;
    for (const { name, labels, value } of family.samples) {
      yield [selector(name, { ...labels, ...target }), number(value)];
    }
  }
}

/** A classic histogram as Prometheus converts it at scrape time: buckets with the same bounds. */
function* nativeSamples(
  { name, samples }: Family,
  target: Record<string, string>,
): Generator<[string, string]> {
  const byLabels = new Map<string, { labels: Sample["labels"]; samples: Sample[] }>();
  for (const sample of samples) {
    const labels = Object.fromEntries(
      Object.entries(sample.labels).filter(([label]) => label !== "le"),
    );
    const key = JSON.stringify(labels);
    const known = byLabels.get(key) ?? { labels, samples: [] };
    known.samples.push(sample);
    byLabels.set(key, known);
  }
  for (const { labels, samples: own } of byLabels.values()) {
    const ends = (suffix: string) => own.filter((sample) => sample.name === `${name}${suffix}`);
    const buckets = ends("_bucket").map(({ labels: { le = "" }, value }) => ({ le, value }));
    const bounds = buckets.filter(({ le }) => le !== "+Inf").map(({ le }) => Number(le));
    const counts = buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0));
    const count = ends("_count")[0]?.value ?? 0;
    const sum = ends("_sum")[0]?.value ?? 0;
    yield [
      selector(name, { ...labels, ...target }),
      `{{schema:-53 count:${count} sum:${sum} custom_values:[${bounds.join(" ")}] buckets:[${counts.join(" ")}]}}`,
    ];
  }
}

/** Values in promtool's notation: repeated values once, and a staleness marker where a series ends. */
function written(column: readonly string[]): string {
  const marked = column.map((value, at) =>
    value === "_" && at > 0 && column[at - 1] !== "_" ? "stale" : value,
  );
  const runs: { value: string; times: number }[] = [];
  for (const value of marked) {
    const last = runs.at(-1);
    if (last?.value === value && value !== "stale") last.times += 1;
    else runs.push({ value, times: 1 });
  }
  return runs
    .map(({ value, times }) => {
      if (times === 1) return value;
      return value === "_" ? `_x${times}` : `${value}x${times - 1}`;
    })
    .join(" ");
}

function selector(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  return `${name}{${pairs.join(",")}}`;
}

function number(value: number): string {
  return Number.isFinite(value) ? `${value}` : value > 0 ? "Inf" : value < 0 ? "-Inf" : "NaN";
}
