import assert from "node:assert/strict";
import { it } from "node:test";
import { groupsOf, rulesText } from "../../../lab/benchmark/rules.ts";

it("finds the groups of all rule files, with the stack's interval as the default", () => {
  const files = {
    "a.yml": "groups:\n  - name: one\n    rules:\n      - {record: a, expr: b}\n",
    "b.yml":
      "groups:\n  - name: two\n    interval: 2m\n    rules:\n      - {alert: c, expr: d > 1}\n      - {alert: e, expr: f}\n",
  };
  assert.deepEqual(groupsOf(files, "15s"), [
    { name: "one", interval: 15, expressions: ["b"] },
    { name: "two", interval: 120, expressions: ["d > 1", "f"] },
  ]);
});

it("writes a table for each histogram form: a row for each group, a column for each size", () => {
  const cost = (
    histograms: "classic" | "native",
    engines: number,
    [name, interval]: [string, number],
    median: number,
  ) => ({
    ...{ histograms, engines, name, interval, rules: 3 },
    seconds: { median, least: median / 2, most: median * 2 },
  });
  const [one, two] = [["one", 15] as [string, number], ["two", 120] as [string, number]];
  const text = rulesText(
    [
      ...[cost("classic", 1, one, 0.015), cost("classic", 1, two, 0.6)],
      ...[cost("classic", 500, one, 1.5), cost("classic", 500, two, 18)],
      cost("native", 1, one, 0.0003),
    ],
    5,
  );
  assert.deepEqual(text.split("\n").slice(2), [
    ...["With classic histograms:", ""],
    "| group | rules | interval | 1 engine | 500 engines |",
    "| --- | --: | --: | --: | --: |",
    "| one | 3 | 15 s | 0.015 s (0.007–0.030), 0.10 % | 1.50 s (0.75–3.00), 10 % |",
    "| two | 3 | 120 s | 0.60 s (0.30–1.20), 0.50 % | 18.0 s (9.0–36.0), 15 % |",
    ...["", "With native histograms:", ""],
    "| group | rules | interval | 1 engine |",
    "| --- | --: | --: | --: |",
    "| one | 3 | 15 s | 0.000 s (0.000–0.001), 0.0020 % |",
  ]);
});
