/** What a metric is, and the names under which Prometheus knows it. */

/**
 * As in the `# TYPE` line, except for `info`: a gauge that is always 1 and whose labels hold the
 * information.
 */
export type MetricType = "counter" | "gauge" | "histogram" | "summary" | "info";

/** A minor release of vLLM. */
export type Version = `0.${number}`;

/** The unit of the value; `ratio` is 0 to 1, `none` has no unit. */
export type Unit =
  | "seconds"
  | "milliseconds"
  | "unix time"
  | "requests"
  | "tokens"
  | "bytes"
  | "mebibytes"
  | "blocks"
  | "operations"
  | "ratio"
  | "percent"
  | "celsius"
  | "watts"
  | "millijoules"
  | "megahertz"
  | "flops"
  | "seconds per mebibyte"
  | "none";

/** The labels of a metric: `any` value, or one of a closed set. */
export type Labels = Readonly<Record<string, "any" | readonly string[]>>;

/** The values that a label can have. */
export type LabelValue<V> = V extends readonly (infer Value extends string)[] ? Value : string;

/** A metric as the catalogue knows it. `L` is the type of its labels, so that queries are typed by them. */
export interface Metric<T extends MetricType = MetricType, L extends Labels = Labels> {
  readonly type: T;
  /** The name without the suffix that the type adds: `vllm:prompt_tokens`. */
  readonly name: string;
  /** The words of the `# HELP` line. */
  readonly help: string;
  readonly unit: Unit;
  readonly labels: L;
  /**
   * Upper bounds of a histogram's buckets without `+Inf`, or the bucket family, which the server can
   * replace.
   */
  readonly buckets?: readonly number[] | BucketFamily;
  /** The flag, connector or kind of model without which the metric is absent, or stays 0. */
  readonly enabledBy?: string;
  /** The oldest release read that exposes it; absent for metrics that are not vLLM's. */
  readonly since?: Version;
  /** The newest release read that still exposes it; absent if it has not been removed. */
  readonly until?: Version;
  /** From this release on, it is exposed only with `--show-hidden-metrics-for-version`. */
  readonly hiddenSince?: Version;
  /** A counter whose exporter does not add `_total` to the name. */
  readonly bare?: true;
  /** The same quantity under its former name. */
  readonly renamedFrom?: Metric<T, L>;
}

/** The bucket families that `--custom-histogram-buckets` replaces, by its keys. */
export type BucketFamily =
  | "request_latency"
  | "time_to_first_token"
  | "inter_token_latency"
  | "iteration_tokens"
  | "request_params_n"
  | "request_num_preemptions"
  | "request_tokens"
  | "kv_cache_residency";

/** What a definition contains besides type and name. */
export type Definition<T extends MetricType, L extends Labels> = Omit<
  Metric<T, L>,
  "type" | "name" | "labels" | "buckets"
> & { readonly labels: L };

export function counter<const L extends Labels>(
  name: string,
  definition: Definition<"counter", L>,
): Metric<"counter", L> {
  return { type: "counter", name, ...definition };
}

export function gauge<const L extends Labels>(
  name: string,
  definition: Definition<"gauge", L>,
): Metric<"gauge", L> {
  return { type: "gauge", name, ...definition };
}

export function info<const L extends Labels>(
  name: string,
  definition: Omit<Definition<"info", L>, "unit">,
): Metric<"info", L> {
  return { type: "info", name, unit: "none", ...definition };
}

export function summary<const L extends Labels>(
  name: string,
  definition: Definition<"summary", L>,
): Metric<"summary", L> {
  return { type: "summary", name, ...definition };
}

export function histogram<const L extends Labels>(
  name: string,
  definition: Definition<"histogram", L> & { readonly buckets: readonly number[] | BucketFamily },
): Metric<"histogram", L> {
  return { type: "histogram", name, ...definition };
}

/** The labels that every metric of an engine carries. */
export const perEngine = { model_name: "any", engine: "any" } as const;

/** The part of a metric that a series holds. */
export type SeriesPart = "value" | "bucket" | "sum" | "count";

/**
 * The names of a metric's series, by part. A counter's ends in `_total` (prometheus_client adds it
 * once); a classic histogram has `_bucket`, `_sum` and `_count`, a native one its bare name.
 */
export function seriesNames(metric: Metric): Partial<Record<SeriesPart, string>> {
  const { type, name } = metric;
  switch (type) {
    case "counter":
      return { value: familyName(metric) };
    case "gauge":
    case "info":
      return { value: name };
    case "histogram":
      return { bucket: `${name}_bucket`, sum: `${name}_sum`, count: `${name}_count` };
    case "summary":
      return { value: name, sum: `${name}_sum`, count: `${name}_count` };
  }
}

/** The name in the `# TYPE` line of the text format. */
export function familyName({ type, name, bare }: Metric): string {
  return type === "counter" && !bare ? `${name}_total` : name;
}

/** The gauge that Python's client adds to each of vLLM's series that start at 0. */
export function createdName({ type, name }: Metric): string | undefined {
  return type === "gauge" || type === "info" ? undefined : `${name}_created`;
}

/** Whether `a` is an older release than `b`. */
export function olderThan(a: Version, b: Version): boolean {
  return minor(a) < minor(b);
}

function minor(version: Version): number {
  return Number(version.slice(2));
}
