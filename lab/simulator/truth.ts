/** What really happened in a time window, queried by the catalogue's metrics. */
import type { Labels, LabelValue, Metric } from "../../vllm/metric.ts";
import type { Journal, JournalSeries } from "./journal.ts";

/** Whose values to count. A field that is left out matches everything. */
export interface Whose {
  server?: string | readonly string[];
  model?: string | readonly string[];
  /** Applies only to metrics with an `engine` label. */
  engine?: string | readonly string[];
}

/** A choice of label values. */
export type Where<L extends Labels> = {
  readonly [K in keyof L]?: LabelValue<L[K]> | readonly LabelValue<L[K]>[];
};

type Counted<L extends Labels> = Metric<"counter" | "histogram" | "summary", L>;
type Observed<L extends Labels> = Metric<"histogram" | "summary", L>;

/**
 * The true values after `from` and up to and including `to`, in seconds since the fleet's start: the
 * increase from an exposition at `from` to one at `to`, as if nothing had restarted in between. A result
 * is undefined if nothing happened for it; Prometheus has NaN or no sample there.
 */
export class Truth {
  readonly #journal: Journal;
  readonly #whose: Whose;
  readonly from: number;
  readonly to: number;

  constructor(journal: Journal, whose: Whose, from: number, to: number) {
    this.#journal = journal;
    this.#whose = whose;
    this.from = from;
    this.to = to;
  }

  /** By how much a counter grew, or how many observations a histogram got. */
  count<L extends Labels>(metric: Counted<L>, where: Where<L> = {}): number {
    let total = 0;
    const counter = metric.type === "counter";
    this.#each(metric, where, (value, weight) => (total += counter ? value : weight));
    return total;
  }

  /** `count` per second. */
  rate<L extends Labels>(metric: Counted<L>, where: Where<L> = {}): number {
    return this.count(metric, where) / (this.to - this.from);
  }

  /** The sum of all observed values. */
  sum<L extends Labels>(metric: Observed<L>, where: Where<L> = {}): number {
    let total = 0;
    this.#each(metric, where, (value, weight) => (total += value * weight));
    return total;
  }

  mean<L extends Labels>(metric: Observed<L>, where: Where<L> = {}): number | undefined {
    const count = this.count(metric, where);
    return count === 0 ? undefined : this.sum(metric, where) / count;
  }

  /** The smallest observed value that a share `q` of the observations do not exceed. */
  quantile<L extends Labels>(
    q: number,
    metric: Observed<L>,
    where: Where<L> = {},
  ): number | undefined {
    const all: [value: number, weight: number][] = [];
    this.#each(metric, where, (value, weight) => all.push([value, weight]));
    all.sort(([a], [b]) => a - b);
    const rank = q * all.reduce((total, [, weight]) => total + weight, 0);
    let below = 0;
    for (const [value, weight] of all) {
      below += weight;
      if (below >= rank) return value;
    }
    return undefined;
  }

  /** The share of observations at or below a threshold. */
  fractionBelow<L extends Labels>(
    threshold: number,
    metric: Observed<L>,
    where: Where<L> = {},
  ): number | undefined {
    let [good, all] = [0, 0];
    this.#each(metric, where, (value, weight) => {
      all += weight;
      if (value <= threshold) good += weight;
    });
    return all === 0 ? undefined : good / all;
  }

  /** A gauge at a given time, by default the end: the sum of all series that exist then. */
  value<L extends Labels>(
    metric: Metric<"gauge" | "info", L>,
    where: Where<L> = {},
    time: number = this.to,
  ): number | undefined {
    const values = this.#lines(metric, where)
      .map((line) => line.values[line.after(time) - 1] ?? NaN)
      .filter((value) => !Number.isNaN(value));
    return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
  }

  /** A gauge's time-weighted mean while it has a value, and its largest value. */
  level<L extends Labels>(
    metric: Metric<"gauge", L>,
    where: Where<L> = {},
  ): { mean: number; max: number } | undefined {
    const lines = this.#lines(metric, where);
    const changes = lines.flatMap((line) =>
      line.times.slice(line.after(this.from), line.after(this.to)),
    );
    const moments = [...new Set([this.from, ...changes.sort((a, b) => a - b)])];
    let [area, duration, max] = [0, 0, -Infinity];
    moments.forEach((moment, index) => {
      const value = this.value(metric, where, moment);
      if (value === undefined) return;
      const lasted = (moments[index + 1] ?? this.to) - moment;
      area += value * lasted;
      duration += lasted;
      max = Math.max(max, value);
    });
    return duration === 0 ? undefined : { mean: area / duration, max };
  }

  #each(
    metric: Metric,
    where: Readonly<Record<string, LabelChoice | undefined>>,
    visit: (value: number, weight: number) => void,
  ): void {
    for (const line of this.#lines(metric, where)) {
      const end = line.after(this.to);
      for (let i = line.after(this.from); i < end; i++) {
        visit(line.values[i] ?? NaN, line.weights[i] ?? NaN);
      }
    }
  }

  #lines(
    metric: Metric,
    where: Readonly<Record<string, LabelChoice | undefined>>,
  ): JournalSeries[] {
    const { server, model, engine } = this.#whose;
    return this.#journal
      .lines(metric)
      .filter(
        ({ owner, labels }) =>
          chosen(server, owner.server) &&
          chosen(model, owner.model) &&
          (labels.engine === undefined || chosen(engine, labels.engine)) &&
          Object.entries(where).every(([label, choice]) => chosen(choice, labels[label])),
      );
  }
}

type LabelChoice = string | readonly string[];

function chosen(choice: LabelChoice | undefined, value: string | undefined): boolean {
  if (choice === undefined) return true;
  return typeof choice === "string" ? choice === value : choice.includes(value ?? "");
}
