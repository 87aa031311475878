/** The counterpart of vLLM's prometheus_client: counters, gauges and histograms of one process. */
import { bucketBounds, formatFloat, type CustomBuckets } from "../../vllm/buckets.ts";
import type { Family, Sample } from "../../vllm/exposition.ts";
import { createdName, familyName, olderThan } from "../../vllm/metric.ts";
import type { Labels, LabelValue, Metric, MetricType, Version } from "../../vllm/metric.ts";
import type { SimulatedClock, Journal, JournalSeries, Owner } from "./journal.ts";

/** A value for each label of a metric. */
export type LabelsOf<L extends Labels> = { readonly [K in keyof L]: LabelValue<L[K]> };

/** What decides how a process exposes its metrics. */
export interface MeterOptions {
  clock: SimulatedClock;
  journal: Journal;
  owner: Owner;
  /** Unix time of the fleet's start. */
  epoch: number;
  version: Version;
  /**
   * Whether several processes share the page: then there are no `_created` series, and a gauge is absent
   * until it is set for the first time.
   */
  shared: boolean;
  maxModelLen: number;
  customBuckets: CustomBuckets;
}

/** Metrics of one process. They start at 0 and are lost when it dies; the journal keeps its entries. */
export class Meter {
  readonly #options: MeterOptions;
  /** By exposed metric, in the order of registration. */
  readonly #families = new Map<Metric, Map<string, Child>>();
  readonly #instruments = new Map<Metric, Map<string, Instrument>>();

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** Reserves a place in the exposition, under each name that this version uses for the metric. */
  register(metric: Metric): void {
    for (const exposed of exposedAs(metric, this.#options.version)) {
      if (!this.#families.has(exposed)) this.#families.set(exposed, new Map());
    }
  }

  /** The series with these labels, which exists from now on. */
  series<T extends MetricType, L extends Labels>(
    metric: Metric<T, L>,
    labels: LabelsOf<L>,
  ): Instrument {
    const sorted = byName(labels);
    const key = Object.values(sorted).join("\0");
    let known = this.#instruments.get(metric);
    if (!known) this.#instruments.set(metric, (known = new Map<string, Instrument>()));
    let instrument = known.get(key);
    if (!instrument) known.set(key, (instrument = this.#create(metric, sorted, key)));
    return instrument;
  }

  /** The families as they are exposed now. */
  families(): Family[] {
    return [...this.#families].flatMap(([metric, children]) =>
      exposedFamilies(metric, [...children.values()], this.#options.shared),
    );
  }

  #create(metric: Metric, labels: Readonly<Record<string, string>>, key: string): Instrument {
    this.register(metric);
    const { clock, journal, owner, epoch, version, maxModelLen, customBuckets } = this.#options;
    const children = exposedAs(metric, version).map((exposed) => {
      const bounds = isHistogram(exposed)
        ? bucketBounds(exposed, { custom: customBuckets, maxModelLen })
        : [];
      const child: Child = {
        labels,
        created: epoch + clock.now,
        value: 0,
        isSet: false,
        count: 0,
        bounds,
        buckets: bounds.map(() => 0),
      };
      this.#families.get(exposed)?.set(key, child);
      return child;
    });
    return new Instrument(clock, children, journal.line(metric, owner, labels));
  }
}

/** One series, exposed under one name, or two while it is being renamed, or none. */
export class Instrument {
  readonly #clock: SimulatedClock;
  readonly #children: readonly Child[];
  readonly #line: JournalSeries | undefined;

  constructor(clock: SimulatedClock, children: readonly Child[], line: JournalSeries | undefined) {
    this.#clock = clock;
    this.#children = children;
    this.#line = line;
    if (line && LEVELS.includes(line.metric.type)) line.set(clock.now, 0);
  }

  /** Adds to a counter. */
  add(amount = 1): void {
    if (amount === 0) return;
    for (const child of this.#children) child.value += amount;
    this.#line?.add(this.#clock.now, amount);
  }

  /** Sets a gauge. */
  set(value: number): void {
    for (const child of this.#children) Object.assign(child, { value, isSet: true });
    this.#line?.set(this.#clock.now, value);
  }

  /** Adds observations of one value to a histogram or a summary. */
  observe(value: number, times = 1): void {
    for (const child of this.#children) {
      child.count += times;
      child.value += value * times;
      const bucket = child.bounds.findIndex((bound) => value <= bound);
      if (bucket >= 0) child.buckets[bucket] = (child.buckets[bucket] ?? 0) + times;
    }
    this.#line?.observe(this.#clock.now, value, times);
  }
}

interface Child {
  labels: Readonly<Record<string, string>>;
  /** Unix time. */
  created: number;
  /** A histogram's sum. */
  value: number;
  /** Whether a gauge was given a value. */
  isSet: boolean;
  count: number;
  bounds: readonly number[];
  /** The count of each bucket alone, not cumulative. */
  buckets: number[];
}

/** The metric itself, its former name, both, or none, as that version exposes them. */
function exposedAs(metric: Metric, version: Version): Metric[] {
  const { since, until, hiddenSince, renamedFrom } = metric;
  const exposed =
    !(since && olderThan(version, since)) &&
    !(until && olderThan(until, version)) &&
    !(hiddenSince && !olderThan(version, hiddenSince));
  return [...(renamedFrom ? exposedAs(renamedFrom, version) : []), ...(exposed ? [metric] : [])];
}

function exposedFamilies(metric: Metric, all: readonly Child[], shared: boolean): Family[] {
  const { type, help } = metric;
  const children = all.filter(({ isSet }) => isSet || !shared || !LEVELS.includes(type));
  const name = familyName(metric);
  const family: Family = {
    name,
    type: type === "info" ? "gauge" : type,
    help,
    samples: children.flatMap((child) => samples(name, type, child)),
  };
  const second = !shared && children.length > 0 ? createdName(metric) : undefined;
  if (second === undefined) return [family];
  const times = children.map((child) => ({
    name: second,
    labels: child.labels,
    value: child.created,
  }));
  // Python's client writes no `_created` series for metrics that it reads from the system.
  if (SYSTEM.test(name)) return [family];
  return [family, { name: second, type: "gauge", help, samples: times }];
}

/** Metrics that always have a value, not only when something happens. */
const LEVELS: readonly MetricType[] = ["gauge", "info"];

const SYSTEM = /^(process|python)_/;

function samples(name: string, type: MetricType, child: Child): Sample[] {
  const { labels, value, count } = child;
  if (type !== "histogram" && type !== "summary") return [{ name, labels, value }];
  let below = 0;
  const bucket = (le: string, value: number): Sample => ({
    name: `${name}_bucket`,
    labels: withBound(labels, le),
    value,
  });
  const buckets = child.bounds.map((bound, index) => {
    below += child.buckets[index] ?? 0;
    return bucket(formatFloat(bound), below);
  });
  return [
    ...(type === "histogram" ? [...buckets, bucket("+Inf", count)] : []),
    { name: `${name}_count`, labels, value: count },
    { name: `${name}_sum`, labels, value },
  ];
}

function withBound(labels: Readonly<Record<string, string>>, le: string): Record<string, string> {
  return byName({ ...labels, le });
}

/** Labels are exposed in alphabetical order. */
function byName(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isHistogram(metric: Metric): metric is Metric<"histogram"> {
  return metric.type === "histogram";
}
