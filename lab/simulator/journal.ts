/** What happened and when: the exact values, before bucketing or scraping. */
import type { Metric } from "../../vllm/metric.ts";

/** Seconds since the fleet's start. Each server has its own clock and does not wait for the others. */
export interface SimulatedClock {
  now: number;
}

/** The owner of a line, in addition to the metric's own labels. */
export interface Owner {
  server: string;
  model: string;
}

/** Lines by metric. */
export class Journal {
  readonly #lines = new Map<Metric, JournalSeries[]>();
  readonly #remember: number;

  /** Keeps at least `remember` seconds; 0 keeps nothing. */
  constructor(remember: number) {
    this.#remember = remember;
  }

  /** The line of a metric with these labels, created if missing; undefined if nothing is kept. */
  line(
    metric: Metric,
    owner: Owner,
    labels: Readonly<Record<string, string>>,
  ): JournalSeries | undefined {
    if (this.#remember === 0) return undefined;
    const lines = this.lines(metric);
    const known = lines.find(
      (line) =>
        line.owner.server === owner.server &&
        Object.entries(labels).every(([label, value]) => line.labels[label] === value),
    );
    if (known) return known;
    const line = new JournalSeries(metric, owner, labels, this.#remember);
    lines.push(line);
    this.#lines.set(metric, lines);
    return line;
  }

  lines(metric: Metric): JournalSeries[] {
    return this.#lines.get(metric) ?? [];
  }

  /** From this time on the server's gauges have no value, as after its death. */
  close(server: string, time: number): void {
    for (const [{ type }, lines] of this.#lines) {
      if (type !== "gauge" && type !== "info") continue;
      for (const line of lines) if (line.owner.server === server) line.set(time, NaN);
    }
  }
}

/**
 * The entries of one series, oldest first: a counter's increments, a histogram's or summary's
 * observations with how often each occurred, or a gauge's values from each time on.
 */
export class JournalSeries {
  readonly metric: Metric;
  readonly owner: Owner;
  readonly labels: Readonly<Record<string, string>>;
  readonly times: number[] = [];
  readonly values: number[] = [];
  readonly weights: number[] = [];
  readonly #remember: number;

  constructor(
    metric: Metric,
    owner: Owner,
    labels: Readonly<Record<string, string>>,
    remember: number,
  ) {
    this.metric = metric;
    this.owner = owner;
    this.labels = labels;
    this.#remember = remember;
  }

  add(time: number, amount: number): void {
    const last = this.times.length - 1;
    if (this.times[last] === time) this.values[last] = (this.values[last] ?? 0) + amount;
    else this.#append(time, amount, 1);
  }

  observe(time: number, value: number, times: number): void {
    this.#append(time, value, times);
  }

  set(time: number, value: number): void {
    const last = this.times.length - 1;
    if (this.times[last] === time) this.values[last] = value;
    else if (!Object.is(this.values[last], value)) this.#append(time, value, 1);
  }

  /** Index of the first entry later than `time`. */
  after(time: number): number {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] ?? 0) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #append(time: number, value: number, weight: number): void {
    this.times.push(time);
    this.values.push(value);
    this.weights.push(weight);
    if (this.times.length % FORGET_EVERY === 0) this.#forget(time - this.#remember);
  }

  /** Also keeps the last entry before the cutoff, because a gauge still has that value. */
  #forget(before: number): void {
    const old = this.after(before) - 1;
    if (old < this.times.length / 2) return;
    for (const list of [this.times, this.values, this.weights]) list.splice(0, old);
  }
}

const FORGET_EVERY = 512;
