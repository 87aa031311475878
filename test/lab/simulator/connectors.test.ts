/**
 * Servers with KV connectors. There is no recording of such a server, so these tests compare what the
 * simulator exposes with the catalogue, which was read from vLLM's source.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConnectorName } from "../../../lab/simulator/serverSpec.ts";
import { allMetrics, familyName, metrics, seriesNames, type Metric } from "../../../vllm/index.ts";
import { fleetOf, fleetPage } from "./pages.ts";

const workload = { prefixes: { count: 24, tokens: 1536, share: 0.9 }, rate: 3 };
const engine = {
  ...{ blocks: 3500, externalHits: 0.8, transferFailures: 0.3, kvCacheMetrics: true },
};

function fleetWith(connectors: readonly ConnectorName[]) {
  const fleet = fleetOf({ version: "0.33", workload, engine: { ...engine, connectors } });
  fleet.advance(200);
  return fleet;
}

/** A pattern for each connector. It matches the catalogue's `enabledBy` text of the connector's metrics. */
const CONNECTORS: Record<ConnectorName, RegExp> = {
  nixl: /^NixlConnector/,
  mooncake: /^MooncakeConnector/,
  mooncakeStore: /^MooncakeStoreConnector/,
  hf3fs: /^HF3FSKVConnector/,
  umbp: /^UMBPStoreConnector/,
  offloading: /^OffloadingConnector(?! with secondary tiers)/,
  tieredOffloading: /^OffloadingConnector/,
  simpleOffload: /^SimpleCPUOffloadConnector/,
  hiSparse: /^HiSparseConnector/,
};

function withoutConnector(): Set<string> {
  return new Set(fleetPage(fleetWith([])).map(({ name }) => name));
}

describe("a server with a KV connector", () => {
  const basic = withoutConnector();
  for (const [connector, flag] of Object.entries(CONNECTORS)) {
    const families = fleetPage(fleetWith([connector as ConnectorName])).filter(
      ({ name }) => !basic.has(name) && !name.endsWith("_created"),
    );
    const known = allMetrics.filter(
      (metric) =>
        flag.test(metric.enabledBy ?? "") || metric.name === metrics.requestsKvFetchByStage.name,
    );

    it(`${connector}: exposes all metrics of the connector, and no others`, () => {
      assert.deepEqual(
        families.map(({ name }) => name).sort(),
        known.map((metric) => familyName(metric)).sort(),
      );
    });

    it(`${connector}: each of these metrics has data, with the catalogue's labels`, () => {
      for (const metric of known) {
        const family = families.find(({ name }) => name === familyName(metric));
        assert.ok(family && family.samples.length > 0, metric.name);
        for (const { name, labels } of family.samples) {
          assert.ok(Object.values(seriesNames(metric)).includes(name), name);
          assert.ok(hasLabels(metric, labels), `${name}${JSON.stringify(labels)}`);
        }
        const isNeverNothing = metric.type === "counter" || metric.type === "histogram";
        const values = family.samples.map(({ value }) => value);
        if (isNeverNothing) assert.ok(Math.max(...values) > 0, metric.name);
      }
    });
  }

  it("counts requests as deferred while they wait for blocks", () => {
    const fleet = fleetWith(["hf3fs"]);
    let seen = 0;
    for (let second = 1; second <= 200; second++) {
      const at = fleet.truth("a", 0, second);
      const stage = (stage: (typeof metrics.requestsKvFetchByStage.labels.stage)[number]) =>
        at.value(metrics.requestsKvFetchByStage, { stage }) ?? NaN;
      const deferred = at.value(metrics.requestsWaitingByReason, { reason: "deferred" });
      assert.equal(stage("in_progress") + stage("completed_waiting"), deferred);
      seen += deferred ?? 0;
    }
    assert.ok(seen > 10, `${seen}`);
  });

  it("computes blocks whose transfer fails", () => {
    const loads = (transferFailures: number) => {
      const connectors = ["nixl"] as const;
      const fleet = fleetOf({
        version: "0.33",
        workload,
        engine: { ...engine, transferFailures, connectors },
      });
      fleet.advance(100);
      return fleet.truth("a", 0, 100);
    };
    const [never, always] = [loads(0), loads(1)];
    assert.equal(never.count(metrics.nixlFailedTransfers), 0);
    assert.ok(never.count(metrics.externalPrefixCacheHits) > 10_000);
    assert.equal(
      never.count(metrics.promptTokensCachedBySource, { source: "p2p" }),
      never.count(metrics.externalPrefixCacheHits),
    );
    assert.ok(always.count(metrics.nixlFailedTransfers) > 50);
    assert.equal(always.count(metrics.nixlTransferTime), 0);
    assert.equal(always.count(metrics.externalPrefixCacheHits), 0);
    assert.ok(always.count(metrics.requestsFinished) > 100);
  });

  it("keeps serving when its cache is too small for the incoming blocks", () => {
    const fleet = fleetOf({
      ...{ version: "0.33", workload: { ...workload, rate: 6 } },
      engine: { ...engine, blocks: 300, connectors: ["hf3fs"] },
    });
    fleet.advance(300);
    const late = fleet.truth("a", 200, 300);
    assert.ok(late.count(metrics.requestsFinished) > 20, `${late.count(metrics.requestsFinished)}`);
  });
});

function hasLabels({ labels }: Metric, own: Readonly<Record<string, string>>): boolean {
  return Object.entries(own).every(([label, value]) => {
    const allowed = label === "le" ? "any" : labels[label];
    return allowed === "any" || allowed?.includes(value);
  });
}
