import assert from "node:assert/strict";
import { it } from "node:test";
import { addresses, MODELS, simulatedServers } from "../../../lab/benchmark/fleet.ts";
import { columnsOf, seriesText } from "../../../lab/benchmark/history.ts";

it("reads the series of pages, with the metrics that Prometheus adds for each scrape", () => {
  const first = '# TYPE a counter\na_total{b="x y"} 1.0\na_created{b="x y"} 1.7e9\n';
  const columns = columnsOf([first, `${first}c 2\n`]);
  assert.deepEqual(columns.slice(0, 2), [
    { name: "a_total", labels: 'b="x y"', values: ["1.0", "1.0"] },
    { name: "up", labels: "", values: ["1", "1"] },
  ]);
  const of = (name: string) => columns.find((column) => column.name === name)?.values;
  assert.deepEqual(of("scrape_samples_scraped"), ["1", "2"]);
  assert.deepEqual(of("c"), [undefined, "2"]);
  assert.equal(of("a_created"), undefined);
});

it("writes a target's series with the time of each sample", () => {
  const target = { job: "vllm", instance: "engine-0:8000" };
  const times = [100, 115, 130];
  assert.equal(
    seriesText({ name: "a", labels: 'b="c"', values: ["1", undefined, "2.5"] }, target, times),
    'a{b="c",job="vllm",instance="engine-0:8000"} 1 100\na{b="c",job="vllm",instance="engine-0:8000"} 2.5 130\n',
  );
  assert.equal(
    seriesText({ name: "up", labels: "", values: ["1"] }, target, times),
    'up{job="vllm",instance="engine-0:8000"} 1 100\n',
  );
});

it("simulates at most 20 servers, which serve the models in turn", () => {
  assert.deepEqual(
    simulatedServers(3).map(({ name, model }) => [name, model]),
    [
      ["simulated-0", MODELS[0]],
      ["simulated-1", MODELS[1]],
      ["simulated-2", MODELS[2]],
    ],
  );
  assert.equal(simulatedServers(500).length, 20);
  assert.deepEqual(addresses(500).at(-1), "engine-499:8000");
});
