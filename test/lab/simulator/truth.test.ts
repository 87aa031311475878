import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import { scenarios, type ScenarioName } from "../../../lab/simulator/scenarios.ts";
import { Journal } from "../../../lab/simulator/journal.ts";
import { Truth } from "../../../lab/simulator/truth.ts";
import type { Family } from "../../../vllm/exposition.ts";
import {
  bucketBounds,
  familyName,
  formatFloat,
  metrics,
  type Metric,
} from "../../../vllm/index.ts";
import { fleetPage, sampleTotal } from "./pages.ts";

describe("the truth of a window", () => {
  const journal = new Journal(Infinity);
  const owner = { server: "a", model: "m" };
  const labels = { model_name: "m", engine: "0" };
  const ttft = journal.line(metrics.timeToFirstToken, owner, labels);
  ttft?.observe(10, 9, 1);
  ttft?.observe(11, 0.4, 2);
  ttft?.observe(12, 0.1, 1);
  ttft?.observe(20, 2, 1);
  ttft?.observe(20.5, 7, 1);
  for (const [engine, amounts] of [
    ["0", [1, 2]],
    ["1", [40]],
  ] as const) {
    const counter = journal.line(metrics.preemptions, owner, { ...labels, engine });
    amounts.forEach((amount, index) => counter?.add(11 + index, amount));
  }
  for (const [server, [before, after]] of [
    ["a", [4, 8]],
    ["b", [1, 3]],
  ] as const) {
    const gauge = journal.line(metrics.requestsRunning, { server, model: server }, labels);
    gauge?.set(0, before);
    gauge?.set(16, after);
  }
  const truth = new Truth(journal, {}, 10, 20);

  it("excludes the window's start and includes its end", () => {
    assert.equal(truth.count(metrics.timeToFirstToken), 4);
    assert.equal(truth.sum(metrics.timeToFirstToken), 0.4 * 2 + 0.1 + 2);
    assert.equal(truth.mean(metrics.timeToFirstToken), (0.4 * 2 + 0.1 + 2) / 4);
    assert.equal(truth.rate(metrics.timeToFirstToken), 0.4);
  });

  it("has quantiles: the smallest value that the given share does not exceed", () => {
    const quantile = (q: number) => truth.quantile(q, metrics.timeToFirstToken);
    assert.deepEqual([0.25, 0.26, 0.75, 0.76, 1].map(quantile), [0.1, 0.4, 0.4, 2, 2]);
  });

  it("counts values at the threshold as below it", () => {
    const fraction = (threshold: number) =>
      truth.fractionBelow(threshold, metrics.timeToFirstToken);
    assert.deepEqual([0.05, 0.1, 0.39, 0.4, 2].map(fraction), [0, 0.25, 0.25, 0.75, 1]);
  });

  it("adds up increments, for a single engine on request", () => {
    assert.equal(truth.count(metrics.preemptions), 43);
    assert.equal(truth.count(metrics.preemptions, { engine: "0" }), 3);
    assert.equal(new Truth(journal, { engine: "1" }, 10, 20).count(metrics.preemptions), 40);
    assert.equal(truth.count(metrics.preemptions, { engine: ["0", "1"] }), 43);
  });

  it("weights a gauge by time, and adds up servers", () => {
    assert.equal(truth.value(metrics.requestsRunning), 11);
    assert.equal(truth.value(metrics.requestsRunning, {}, 15.9), 5);
    assert.deepEqual(truth.level(metrics.requestsRunning), { mean: 7.4, max: 11 });
    const one = new Truth(journal, { server: "b" }, 10, 20);
    assert.deepEqual(one.level(metrics.requestsRunning), { mean: 1.8, max: 3 });
    assert.equal(new Truth(journal, { model: ["a", "b"] }, 0, 1).value(metrics.requestsRunning), 5);
  });

  it("is undefined where nothing happened", () => {
    const before = new Truth(journal, {}, 12, 19);
    assert.equal(before.count(metrics.timeToFirstToken), 0);
    assert.equal(before.mean(metrics.timeToFirstToken), undefined);
    assert.equal(before.quantile(0.5, metrics.timeToFirstToken), undefined);
    assert.equal(before.fractionBelow(1, metrics.timeToFirstToken), undefined);
    assert.equal(before.level(metrics.requestsWaiting), undefined);
  });
});

describe("the journal", () => {
  const line = (remember: number) => {
    const found = new Journal(remember).line(metrics.preemptions, { server: "a", model: "m" }, {});
    for (let second = 0; second < 10_000; second++) found?.add(second, 1);
    return found;
  };

  it("forgets old entries, and keeps the requested period", () => {
    const kept = line(1000);
    assert.ok(kept && kept.times.length <= 3000, `${kept?.times.length} are kept`);
    assert.ok((kept.times[0] ?? Infinity) <= 9000);
    assert.equal(line(Infinity)?.times.length, 10_000);
    assert.equal(line(0), undefined);
  });

  it("ends a server's gauges when it dies", () => {
    const journal = new Journal(Infinity);
    journal.line(metrics.requestsRunning, { server: "a", model: "m" }, {})?.set(1, 5);
    journal.line(metrics.requestsRunning, { server: "b", model: "m" }, {})?.set(1, 7);
    journal.close("a", 3);
    const value = (time: number) =>
      new Truth(journal, {}, 0, 9).value(metrics.requestsRunning, {}, time);
    assert.deepEqual([0, 2, 3].map(value), [undefined, 12, 7]);
  });
});

describe("exposed metrics match the truth", () => {
  const names = Object.keys(scenarios) as ScenarioName[];
  // The excluded ones restart or die within the window.
  const steady = names.filter((name) => !["restarting", "dead"].includes(name));
  const fleet = createFleet({
    seed: 3,
    servers: steady.map((name) => ({ name, model: name, scenario: name })),
  });
  const [from, to] = [45, 90];
  fleet.advance(from);
  const before = new Map(steady.map((name) => [name, fleetPage(fleet, name)]));
  fleet.advance(to);

  for (const name of steady) {
    const [then, now] = [before.get(name) ?? [], fleetPage(fleet, name)];
    const truth = fleet.truth(name, from, to);
    const grown = (series: string, labels = {}) =>
      (sampleTotal(now, series, labels) ?? 0) - (sampleTotal(then, series, labels) ?? 0);

    it(`${name}: counters, gauges and each bucket`, () => {
      let compared = 0;
      for (const metric of Object.values<Metric>(metrics)) {
        const exposed = exposedName(metric, now);
        if (exposed === undefined) continue;
        compared++;
        if (isA("counter", metric)) {
          close(grown(exposed), truth.count(metric), exposed);
        } else if (isA("gauge", metric)) {
          assert.equal(sampleTotal(now, exposed) ?? 0, truth.value(metric) ?? 0, exposed);
        } else if (isA("histogram", metric)) {
          const count = truth.count(metric);
          assert.equal(grown(`${exposed}_count`), count, exposed);
          close(grown(`${exposed}_sum`), truth.sum(metric), exposed);
          for (const bound of bucketBounds(metric, { maxModelLen: MAX_MODEL_LEN[name] ?? 8192 })) {
            const le = formatFloat(bound);
            const below = Math.round(count * (truth.fractionBelow(bound, metric) ?? 0));
            assert.equal(grown(`${exposed}_bucket`, { le }), below, `${exposed} ${le}`);
          }
        } else if (isA("summary", metric)) {
          assert.equal(grown(`${exposed}_count`), truth.count(metric), exposed);
        }
      }
      assert.ok(compared > (name === "old" ? 20 : 40), `${compared} metrics were compared`);
    });

    it(`${name}: a quantile from the buckets is in the same bucket as the true quantile`, () => {
      for (const metric of LATENCIES) {
        const exposed = exposedName(metric, now);
        if (exposed === undefined || truth.count(metric) === 0) continue;
        for (const q of [0.5, 0.9, 0.95, 0.99]) {
          const [below, above] = quantileBucket(
            q,
            (le) => grown(`${exposed}_bucket`, { le }),
            metric,
          );
          const real = truth.quantile(q, metric) ?? NaN;
          assert.ok(real > below && real <= above, `${exposed}: ${below} < ${real} <= ${above}`);
        }
      }
    });
  }
});

const MAX_MODEL_LEN: Partial<Record<string, number>> = { preempting: 4096 };

const LATENCIES = [
  metrics.timeToFirstToken,
  metrics.interTokenLatency,
  metrics.endToEndLatency,
  metrics.queueTime,
  metrics.prefillTime,
  metrics.decodeTime,
  metrics.requestTimePerOutputToken,
];

/** The name under which a page exposes a metric: its current or its former name. */
function exposedName(metric: Metric, families: readonly Family[]): string | undefined {
  const names = [metric, metric.renamedFrom].filter((one) => one !== undefined).map(familyName);
  return names.find((name) => families.some((family) => family.name === name));
}

function isA<T extends Metric["type"]>(type: T, metric: Metric): metric is Metric<T> {
  return metric.type === type;
}

/** The bucket that `histogram_quantile` selects, given the counts up to each bound. */
function quantileBucket(
  q: number,
  countUpTo: (le: string) => number,
  metric: Metric<"histogram">,
): [below: number, above: number] {
  const bounds = bucketBounds(metric);
  const rank = q * countUpTo("+Inf");
  const index = bounds.findIndex((bound) => countUpTo(formatFloat(bound)) >= rank);
  if (index < 0) return [bounds.at(-1) ?? 0, Infinity];
  return [bounds[index - 1] ?? -1, bounds[index] ?? Infinity];
}

function close(actual: number, expected: number, message: string): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-6, message);
}
