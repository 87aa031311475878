import assert from "node:assert/strict";
import { it } from "node:test";
import { previewText, targetsOf } from "../../../lab/benchmark/preview.ts";
import { treeMemory } from "../../../lab/benchmark/processTree.ts";

it("creates as many different loopback addresses as requested", () => {
  assert.deepEqual(targetsOf(1), ["127.1.0.1:9"]);
  const many = targetsOf(10_000);
  assert.deepEqual(
    [many[249], many[250], many.at(-1)],
    [...["127.1.0.250:9", "127.1.1.1:9", "127.1.39.250:9"]],
  );
  assert.equal(new Set(many).size, 10_000);
});

it("adds up the memory of a process and its descendants only", () => {
  const processes =
    "    1     0  100\n   20     1   10\n   21    20    5\n   22    21    2\n   30     1   50\n";
  assert.equal(treeMemory(processes, 20), 17 * 1024);
  assert.equal(treeMemory(processes, 99), 0);
});

it("writes a row for each number of targets, with ratios to the first row", () => {
  const cost = (seconds: number, mebibytes: number) => ({ seconds, memory: mebibytes * 2 ** 20 });
  const text = previewText(
    [
      {
        ...{ targets: 1, state: 300_000 },
        preview: [cost(3, 300), cost(2, 310), cost(4, 290)],
        up: [cost(10, 400)],
      },
      {
        ...{ targets: 10_000, state: 2 ** 20 },
        preview: [cost(4.5, 350)],
        up: [cost(30, 500)],
      },
    ],
    3,
  );
  assert.deepEqual(text.split("\n").slice(-2), [
    "| 1 | 3.00 s (2.00–4.00) | 1.00 × | 300 MiB | 10.0 s (10.0–10.0) | 1.00 × | 400 MiB | 293 KiB |",
    "| 10,000 | 4.50 s (4.50–4.50) | 1.50 × | 350 MiB | 30.0 s (30.0–30.0) | 3.00 × | 500 MiB | 1.00 MiB |",
  ]);
});
