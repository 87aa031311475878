/** The part of the fleet that one series of an answer covers, and its true values. */
import type { Fleet } from "../../lab/simulator/fleet.ts";
import { familyName, seriesNames, type Metric } from "../../vllm/index.ts";
import type { Sample } from "../../vllm/exposition.ts";
import { END, SCRAPE } from "./fleet.ts";
import type { History } from "./history.ts";

/** A fleet after its simulation, with its metrics pages. */
export interface Lived {
  fleet: Fleet;
  /** How Prometheus stores histograms. */
  histograms: "classic" | "native";
  histories: ReadonlyMap<string, History>;
}

/** Label values that a series must have. A label that a metric does not have is ignored for it. */
export type Values = Readonly<Record<string, string>>;

/** Seconds that an instant query looks back for a sample. */
const LOOKBACK = 300;

/** A panel's window. */
export interface Window {
  seconds: number;
  /** Seconds between two evaluations of the recording rules, if the panel reads recorded series. */
  recordedEvery?: number;
}

/** The lookback for rules, which see only the last scrape. */
export const RULE_LOOKBACK = 2 * SCRAPE;

type Counted = Metric<"counter" | "histogram" | "summary">;
type Observed = Metric<"histogram" | "summary">;

/**
 * The truth about the servers that share some label values, at the end of the simulation or in a
 * window before the end.
 *
 * Prometheus sees a window only through the scrapes in it: from the first scrape after the window's
 * start to the last one. The truth uses the same two scrapes: the increase between them and the
 * seconds between them. So `rate` gives the same number. Only `increase` needs a factor, because
 * Prometheus extrapolates it to the edges of the window.
 */
export class FleetPart {
  readonly #lived: Lived;
  readonly servers: readonly string[];
  /** The reader's selection, or the labels of the series. */
  readonly labels: Values;
  /** The panel's window. */
  readonly window: Window;

  constructor(lived: Lived, servers: readonly string[], labels: Values, window: Window) {
    this.#lived = lived;
    this.servers = servers;
    this.labels = labels;
    this.window = window;
  }

  /** The same servers in another window. */
  within(seconds: number): FleetPart {
    return new FleetPart(this.#lived, this.servers, this.labels, { ...this.window, seconds });
  }

  /** The same part with additional labels that no metric has. */
  named(labels: Values): FleetPart {
    const { servers, window } = this;
    return new FleetPart(this.#lived, servers, { ...this.labels, ...labels }, window);
  }

  /**
   * The parts that a metric's series cover when they are summed by some labels.
   *
   * @param seen A series must have had samples within this many seconds.
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

  /** The newest samples of a metric, under its current or its former name. */
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
      // A rate needs two samples, a gauge needs one.
      const inTime = times.filter((time) => time > END - seen).length;
      if (inTime < (isLevel(metric) ? 1 : 2)) return [];
      const samples = families.flatMap((family) => family.samples);
      return samples
        .filter(({ name, labels }) => names.includes(name) && this.#isAbout(labels))
        .map((sample) => ({ server, sample }));
    });
  }

  /**
   * The bounds of a histogram's buckets, in ascending order. If the last length bucket differs between
   * models, a sum of native histograms only has the bounds that all of them share.
   */
  bounds(metric: Metric<"histogram">): number[] {
    const each = this.#boundsByServer(metric);
    const all = [...new Set(each.flat())].sort((a, b) => a - b);
    if (this.#lived.histograms === "classic") return all;
    return all.filter((bound) => each.every((one) => one.includes(bound)));
  }

  /** The highest bucket bound of any server. */
  lastBound(metric: Metric<"histogram">): number {
    return Math.max(...this.#boundsByServer(metric).flat());
  }

  /** The servers that are dead at the end, one part for each, with the model that the server had. */
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

  /** How many targets each job has, whatever the reader selected. */
  jobs(): Map<string, number> {
    const jobs = new Map<string, number>();
    for (const { job } of this.#lived.histories.values()) jobs.set(job, (jobs.get(job) ?? 0) + 1);
    return jobs;
  }

  /** Whether a rule that is evaluated at this time finds any sample of this part. */
  isSeen(at: number): boolean {
    return this.servers.some((server) =>
      this.#lived.histories
        .get(server)
        ?.times.some((time) => time > at - RULE_LOOKBACK && time <= at),
    );
  }

  /** Unix time of the end of the simulation. */
  get time(): number {
    return this.#lived.fleet.epoch + END;
  }

  /** A counter's increase per second, or observations per second. */
  rate(metric: Counted, where: Values = {}): number {
    return this.#truth().count(metric, this.#where(metric, where)) / this.#covered();
  }

  /** The increase over the whole window. */
  increase(metric: Counted, where: Values = {}): number {
    return this.rate(metric, where) * this.window.seconds;
  }

  /** The sum of the observed values per second. */
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

  /** A gauge's values at the end, one for each engine or series. */
  levels(metric: Metric<"gauge" | "info">, where: Values = {}): number[] {
    return this.by(["instance", "engine", ...Object.keys(metric.labels)], metric)
      .filter((part) => Object.entries(where).every(([key, value]) => part.labels[key] === value))
      .map((part) => part.#truth().value(metric, part.#where(metric)) ?? NaN);
  }

  /** The sum of these values; 0 where there are none. */
  level(metric: Metric<"gauge" | "info">, where: Values = {}): number {
    return this.levels(metric, where).reduce((sum, value) => sum + value, 0);
  }

  /** A gauge's change over the window, as Prometheus extrapolates it. */
  growth(metric: Metric<"gauge">): number {
    const truth = this.#truth();
    const where = this.#where(metric);
    const [before, after] = [END - this.#covered(), END].map(
      (time) => truth.value(metric, where, time) ?? 0,
    ) as [number, number];
    return ((after - before) / this.#covered()) * this.window.seconds;
  }

  /**
   * A gauge's mean over the window, summed over the engines. It is the sum of the means of each engine's
   * scrapes or, where rules record the sum, the mean of the recorded sums.
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

  /** Seconds between the first and last scrape in the window. Recorded series cover the whole window. */
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

  /** The metric's own labels that have a fixed value. Model and engine select the truth instead. */
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

/** The name of a series that exists exactly once for each child of the metric. */
function firstName(metric: Metric): string {
  return seriesNames(metric).count ?? familyName(metric);
}
