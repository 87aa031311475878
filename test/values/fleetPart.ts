/** A part of the fleet, and what is true of it: the part that one series of an answer is about. */
import type { Fleet } from "../../lab/simulator/fleet.ts";
import { familyName, seriesNames, type Metric } from "../../vllm/index.ts";
import type { Sample } from "../../vllm/exposition.ts";
import { END, SCRAPE } from "./fleet.ts";
import type { History } from "./history.ts";

/** A fleet that has lived, and its pages. */
export interface Lived {
  fleet: Fleet;
  /** How Prometheus stores them. */
  histograms: "classic" | "native";
  histories: ReadonlyMap<string, History>;
}

/** Label values that a series must have; those of no label of a metric are about others. */
export type Values = Readonly<Record<string, string>>;

/** Seconds that an instant query looks back for a sample. */
const LOOKBACK = 300;

/** A panel's window. */
export interface Window {
  seconds: number;
  /** Seconds from one recording to the next, where its panel reads what the rules record. */
  recordedEvery?: number;
}

/** The same of a rule, which Prometheus lets look back no further than to the last scrape. */
export const RULE_LOOKBACK = 2 * SCRAPE;

type Counted = Metric<"counter" | "histogram" | "summary">;
type Observed = Metric<"histogram" | "summary">;

/**
 * The truth about servers of the fleet that have some label values in common, at the fleet's end or in
 * a window before it.
 *
 * Prometheus sees a window of length w only through the scrapes in it: from the first after its
 * beginning to the last. What was counted between these two, and how many seconds they lie apart,
 * is what the truth is about; `rate` then is the same number, and nothing of the extrapolation to
 * the window's edges is left but a factor that `increase` has.
 */
export class FleetPart {
  readonly #lived: Lived;
  readonly servers: readonly string[];
  /** What the reader chose or a series is by. */
  readonly labels: Values;
  /** The panel's window. */
  readonly window: Window;

  constructor(lived: Lived, servers: readonly string[], labels: Values, window: Window) {
    this.#lived = lived;
    this.servers = servers;
    this.labels = labels;
    this.window = window;
  }

  /** The same in another window. */
  within(seconds: number): FleetPart {
    return new FleetPart(this.#lived, this.servers, this.labels, { ...this.window, seconds });
  }

  /** The same with labels that no metric has. */
  named(labels: Values): FleetPart {
    const { servers, window } = this;
    return new FleetPart(this.#lived, servers, { ...this.labels, ...labels }, window);
  }

  /**
   * The parts of it that a metric's series, summed by some labels, are about.
   *
   * @param seen Seconds within which there must have been samples of a series.
   */
  by(labels: readonly string[], metric: Metric, seen?: number): FleetPart[] {
    const parts = new Map<string, { values: Values; servers: Set<string> }>();
    for (const { server, sample } of this.samples(metric, seen)) {
      const all = this.#withTarget(server, sample.labels);
      const values = Object.fromEntries(
        labels.flatMap((label) => (all[label] === undefined ? [] : [[label, all[label]]])),
      );
      const key = JSON.stringify(values);
      const part = parts.get(key) ?? { values, servers: new Set() };
      parts.set(key, part);
      part.servers.add(server);
    }
    return [...parts.values()].map(
      ({ values, servers }) =>
        new FleetPart(this.#lived, [...servers], { ...this.labels, ...values }, this.window),
    );
  }

  /** The newest samples that there are of a metric, under whatever name a server has for it. */
  samples(
    metric: Metric,
    seen = isLevel(metric) ? LOOKBACK : this.window.seconds,
  ): { server: string; sample: Sample }[] {
    const names = [metric, metric.renamedFrom].flatMap((one) => (one ? [firstName(one)] : []));
    return this.servers.flatMap((server) => {
      const history = this.#lived.histories.get(server);
      const { model_name = history?.model } = this.labels;
      if (!history || history.model !== model_name) return [];
      const { times, families } = history;
      // A change needs two samples, a level one.
      const inTime = times.filter((time) => time > END - seen).length;
      if (inTime < (isLevel(metric) ? 1 : 2)) return [];
      const samples = families.flatMap((family) => family.samples);
      return samples
        .filter(({ name, labels }) => names.includes(name) && this.#isAbout(labels))
        .map((sample) => ({ server, sample }));
    });
  }

  /**
   * The ends of a histogram's buckets, ascending. Where the lengths of one model end before those of
   * another, a sum of native histograms only has the ends that all have.
   */
  bounds(metric: Metric<"histogram">): number[] {
    const each = this.#boundsByServer(metric);
    const all = [...new Set(each.flat())].sort((a, b) => a - b);
    if (this.#lived.histograms === "classic") return all;
    return all.filter((bound) => each.every((one) => one.includes(bound)));
  }

  /** The last end of a bucket that any server has. */
  lastBound(metric: Metric<"histogram">): number {
    return Math.max(...this.#boundsByServer(metric).flat());
  }

  /** Those of its servers that are dead at the end, a part each, with the model that they had. */
  dead(ofJob?: string): FleetPart[] {
    return this.servers
      .filter((server) => {
        const history = this.#lived.histories.get(server);
        if (!history || history.last !== undefined) return false;
        const { model_name = history.model } = this.labels;
        // The model of a server that never answered is unknown.
        const isAbout = history.model === undefined || history.model === model_name;
        return isAbout && (ofJob ?? history.job) === history.job;
      })
      .map((server) => {
        const model_name = this.#lived.histories.get(server)?.model;
        const labels = { instance: server, ...(model_name !== undefined && { model_name }) };
        return new FleetPart(this.#lived, [server], labels, this.window);
      });
  }

  /** How many targets each job has, whatever was chosen. */
  jobs(): Map<string, number> {
    const jobs = new Map<string, number>();
    for (const { job } of this.#lived.histories.values()) jobs.set(job, (jobs.get(job) ?? 0) + 1);
    return jobs;
  }

  /** Whether a rule finds anything of it at a time. */
  isSeen(at: number): boolean {
    return this.servers.some((server) =>
      this.#lived.histories
        .get(server)
        ?.times.some((time) => time > at - RULE_LOOKBACK && time <= at),
    );
  }

  /** Unix time of the end. */
  get time(): number {
    return this.#lived.fleet.epoch + END;
  }

  /** Growth per second of a counter, or observations per second. */
  rate(metric: Counted, where: Values = {}): number {
    return this.#truth().count(metric, this.#where(metric, where)) / this.#covered();
  }

  /** The same over the window. */
  increase(metric: Counted, where: Values = {}): number {
    return this.rate(metric, where) * this.window.seconds;
  }

  /** What the observed values add up to per second. */
  total(metric: Observed, where: Values = {}): number {
    return this.#truth().sum(metric, this.#where(metric, where)) / this.#covered();
  }

  mean(metric: Observed): number | undefined {
    return this.#truth().mean(metric, this.#where(metric));
  }

  quantile(share: number, metric: Observed): number | undefined {
    return this.#truth().quantile(share, metric, this.#where(metric));
  }

  fractionBelow(threshold: number, metric: Observed): number | undefined {
    return this.#truth().fractionBelow(threshold, metric, this.#where(metric));
  }

  /** A gauge of each engine, or of each series, at the end. */
  levels(metric: Metric<"gauge" | "info">, where: Values = {}): number[] {
    return this.by(["instance", "engine", ...Object.keys(metric.labels)], metric)
      .filter((part) => Object.entries(where).every(([key, value]) => part.labels[key] === value))
      .map((part) => part.#truth().value(metric, part.#where(metric)) ?? NaN);
  }

  /** Added up, 0 where there is none. */
  level(metric: Metric<"gauge" | "info">, where: Values = {}): number {
    return this.levels(metric, where).reduce((sum, value) => sum + value, 0);
  }

  /** Growth over the window of a gauge of each of its series, as Prometheus extrapolates it. */
  growth(metric: Metric<"gauge">): number {
    const truth = this.#truth();
    const where = this.#where(metric);
    const [before, after] = [END - this.#covered(), END].map(
      (time) => truth.value(metric, where, time) ?? 0,
    ) as [number, number];
    return ((after - before) / this.#covered()) * this.window.seconds;
  }

  /**
   * A gauge's mean over the window, added up over the engines: of each engine's scrapes or, where rules
   * record the sum, of the sums.
   */
  averageLevel(metric: Metric<"gauge" | "info">): number {
    const { seconds, recordedEvery } = this.window;
    const engines = this.by(["instance", "engine", ...Object.keys(metric.labels)], metric);
    const valuesOf = (part: FleetPart, times: readonly number[]) =>
      times.flatMap((time) => part.#truth().value(metric, part.#where(metric), time) ?? []);
    const timesOf = ({ servers: [server = ""] }: FleetPart) =>
      this.#lived.histories.get(server)?.times ?? [];
    if (recordedEvery === undefined) {
      return sum(
        engines.map((part) =>
          mean(
            valuesOf(
              part,
              timesOf(part).filter((time) => time > END - seconds),
            ),
          ),
        ),
      );
    }
    const moments = Array.from(
      { length: seconds / recordedEvery },
      (_, index) => END - index * recordedEvery,
    );
    const sums = moments.flatMap((moment) => {
      const seen = engines.flatMap((part) => {
        const last = timesOf(part).findLast(
          (time) => time <= moment && time > moment - RULE_LOOKBACK,
        );
        return last === undefined ? [] : valuesOf(part, [last]);
      });
      return seen.length === 0 ? [] : [sum(seen)];
    });
    return mean(sums);
  }

  /** Seconds between the first and the last scrape of the window; what is recorded covers all of it. */
  #covered(): number {
    const { seconds, recordedEvery } = this.window;
    const covered =
      recordedEvery === undefined ? (Math.ceil(seconds / SCRAPE) - 1) * SCRAPE : seconds;
    return Math.min(covered, END);
  }

  #boundsByServer(metric: Metric<"histogram">): number[][] {
    const names = [metric, metric.renamedFrom].map((one) => one && seriesNames(one).bucket);
    return this.servers.flatMap((server) => {
      const samples = this.#lived.histories.get(server)?.families.flatMap((one) => one.samples);
      const bounds = (samples ?? [])
        .filter(({ name, labels }) => names.includes(name) && this.#isAbout(labels))
        .map(({ labels }) => Number(labels.le))
        .filter(Number.isFinite);
      return bounds.length === 0 ? [] : [[...new Set(bounds)].sort((a, b) => a - b)];
    });
  }

  #truth() {
    const { model_name: model, engine } = this.labels;
    const whose = {
      server: this.servers,
      ...(model !== undefined && { model }),
      ...(engine !== undefined && { engine }),
    };
    return this.#lived.fleet.truth(whose, END - this.#covered(), END);
  }

  /** The metric's own labels that are fixed; model and engine are whose truth it is. */
  #where(metric: Metric, where: Values = {}): Values {
    const own = Object.entries(this.labels).filter(
      ([label]) => label in metric.labels && label !== "model_name" && label !== "engine",
    );
    return { ...Object.fromEntries(own), ...where };
  }

  #isAbout(labels: Values): boolean {
    return Object.entries(this.labels).every(
      ([label, value]) => labels[label] === undefined || labels[label] === value,
    );
  }

  #withTarget(server: string, labels: Values): Record<string, string | undefined> {
    return { ...labels, instance: server, job: this.#lived.histories.get(server)?.job };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function isLevel({ type }: Metric): boolean {
  return type === "gauge" || type === "info";
}

/** The name of a series that each child of the metric has once. */
function firstName(metric: Metric): string {
  return seriesNames(metric).count ?? familyName(metric);
}
