import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFleet } from "../../../lab/simulator/fleet.ts";
import type { FakeServerOptions } from "../../../lab/simulator/scenarios.ts";
import { fleetOf, fleetPage, seriesKey, sampleValues } from "./pages.ts";

const SERVERS: FakeServerOptions[] = [
  { name: "a", model: "m", scenario: "burst" },
  { name: "b", model: "m", scenario: "restarting" },
  { name: "c", model: "n", scenario: "lora", workload: { images: 0.1 } },
];

function pages(seed: number, stops: readonly number[], servers = SERVERS) {
  const fleet = createFleet({ seed, servers, routers: [{ name: "r", servers: ["a"] }] });
  for (const stop of stops) fleet.advance(stop);
  return fleet.names.map((name) => fleet.exposition(name));
}

describe("a fleet", () => {
  it("produces the same bytes for the same seed, in whatever steps time advances", () => {
    assert.deepEqual(pages(7, [100]), pages(7, [0.3, 17, 17.5, 60, 99.99, 100]));
  });

  it("produces different bytes for another seed", () => {
    const [one, other] = [pages(7, [100]), pages(8, [100])];
    for (const index of [0, 1, 2]) assert.notEqual(one[index], other[index]);
  });

  it("has servers that are independent, apart from a router", () => {
    assert.equal(pages(7, [100])[0], pages(7, [100], SERVERS.slice(0, 1))[0]);
  });

  it("does not go back in time", () => {
    const fleet = fleetOf({});
    fleet.advance(20);
    const text = fleet.exposition("a");
    fleet.advance(10);
    assert.equal(fleet.now, 20);
    assert.equal(fleet.exposition("a"), text);
  });

  it("never counts backwards", () => {
    const fleet = fleetOf({ scenario: "preempting", workload: { errors: 0.1, images: 0.1 } });
    let before = new Map<string, number>();
    for (let second = 5; second <= 60; second += 5) {
      fleet.advance(second);
      const families = fleetPage(fleet);
      const counting = families.filter(({ type }) => type !== "gauge");
      const now = sampleValues(counting);
      assert.ok(now.size > 300);
      for (const [series, value] of before) {
        assert.ok((now.get(series) ?? NaN) >= value, `${series} at ${second}`);
      }
      before = now;
    }
  });

  it("has cumulative buckets, and the last one equals the count", () => {
    const fleet = fleetOf({ scenario: "prefixHeavy" });
    fleet.advance(60);
    for (const { type, samples, name } of fleetPage(fleet)) {
      if (type !== "histogram") continue;
      let below = 0;
      for (const sample of samples) {
        if (sample.name.endsWith("_bucket")) {
          assert.ok(sample.value >= below, seriesKey(sample));
          below = sample.value;
        } else if (sample.name.endsWith("_count")) {
          assert.equal(sample.value, below, name);
          below = 0;
        }
      }
    }
  });

  it("applies changes", () => {
    const fleet = fleetOf({});
    fleet.advance(30);
    fleet.apply("a", { do: "kill" });
    assert.equal(fleet.exposition("a"), undefined);
    fleet.apply("a", { do: "start" });
    assert.equal(
      sampleValues(fleetPage(fleet)).get('vllm:prompt_tokens_total{"engine":"0","model_name":"m"}'),
      0,
    );
  });

  it("applies planned changes at their time, and repeats them", () => {
    const fleet = fleetOf({});
    fleet.advance(10);
    fleet.plan("a", { at: 20, every: 30, do: "restart", seconds: 5 });
    const alive = [19.9, 20, 24.9, 25, 49.9, 50, 55].map((seconds) => {
      fleet.advance(seconds);
      return fleet.exposition("a") !== undefined;
    });
    assert.deepEqual(alive, [true, false, false, true, true, false, true]);
  });

  it("shows times relative to its epoch", () => {
    const fleet = createFleet({ seed: 1, epoch: 1000, servers: [{ name: "a", model: "m" }] });
    fleet.advance(5);
    const of = (series: string) => sampleValues(fleetPage(fleet)).get(series);
    assert.equal(of("process_start_time_seconds{}"), 1000);
    assert.equal(of('vllm:prompt_tokens_created{"engine":"0","model_name":"m"}'), 1000);
  });

  it("accepts custom buckets", () => {
    const fleet = fleetOf({ customBuckets: { time_to_first_token: [0.2, 3] } });
    const bounds = fleetPage(fleet)
      .flatMap(({ samples }) => samples)
      .filter(({ name }) => name === "vllm:time_to_first_token_seconds_bucket")
      .map(({ labels }) => labels.le);
    assert.deepEqual(bounds, ["0.2", "3.0", "+Inf"]);
  });

  it("rejects duplicate and unknown server names", () => {
    const server = { name: "a", model: "m" };
    assert.throws(() => createFleet({ seed: 1, servers: [server, server] }), {
      message: '"a" is the name of two servers of the fleet: give each its own.',
    });
    assert.throws(
      () => createFleet({ seed: 1, servers: [server], routers: [{ name: "r", servers: ["b"] }] }),
      { message: 'The fleet has no server "b"; it has: a.' },
    );
  });
});
