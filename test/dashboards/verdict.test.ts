import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { state, STATES } from "../../dashboards/state.ts";
import { thresholds } from "../../dashboards/thresholds.ts";
import { VERDICTS, verdict, verdictsExplained } from "../../dashboards/verdict.ts";
import { checkQuery } from "../../vllm/check.ts";
import { promql } from "../../vllm/index.ts";

const q = promql({ histograms: "classic", window: "5m" });

/** The parts of a query between `or`s that are in no parentheses. */
function alternatives(query: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const word of query.split(" ")) {
    if (word === "or" && depth === 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""} ${word}`);
    depth += (word.match(/[({[]/g)?.length ?? 0) - (word.match(/[)}\]]/g)?.length ?? 0);
  }
  return parts.map((part) => part.trim());
}

describe("the verdict", () => {
  const limits = thresholds.parse({
    rejectionRatio: { warning: 0.01, critical: 0.02 },
    abortRatio: { warning: 0.03, critical: 0.5 },
    preemptionRatio: { warning: 0.04, critical: 0.5 },
    kvCacheUsage: { warning: 0.85, critical: 0.95 },
    queueShare: { warning: 0.06, critical: 0.07 },
    timeToFirstToken: { warning: 8, critical: 9 },
    interTokenLatency: { warning: 0.11, critical: 0.12 },
  });
  const parts = alternatives(verdict(q, limits));

  it("tries the rules in the order of the verdicts' numbers, each against its threshold", () => {
    const rules = parts.map((part) => [
      / \* 0(?: \+ (\d))?$/.exec(part)?.[1] ?? "0",
      />= ([\d.]+)(?: and|\) \* 0)/.exec(part)?.[1],
    ]);
    assert.deepEqual(rules, [
      ["8", undefined],
      ["7", "0.02"],
      ["6", "0.03"],
      ["5", "0.04"],
      ["5", "0.85"],
      ["4", "0.07"],
      ["3", "8"],
      ["2", "0.11"],
      ["1", undefined],
      ["0", undefined],
    ]);
  });

  it("gives a number that has a word", () => {
    assert.deepEqual(
      VERDICTS.map(({ value, text }) => [value, text]),
      [
        [0, "No traffic"],
        [1, "Healthy"],
        [2, "Decode-bound"],
        [3, "Prefill-bound"],
        [4, "Queue-bound"],
        [5, "KV-bound"],
        [6, "Client aborts"],
        [7, "Admission"],
        [8, "Stalled"],
      ],
    );
  });

  it("is explained with the thresholds in use", () => {
    const text = verdictsExplained(limits);
    for (const shown of ["2 %", "3 %", "0.04 preemptions", "85 %", "7 %", "8 s", "0.11 s"]) {
      assert.ok(text.includes(shown), shown);
    }
  });
});

describe("the state", () => {
  const query = state(q, ["model_name"], { down: "vector(1)" });

  it("is sleeping before stalled, stalled before online, and down last", () => {
    const parts = alternatives(query);
    assert.equal(parts.length, 4);
    assert.match(parts[0] ?? "", /engine_sleep_state\{sleep_state="awake".* == 0\) \* 0 \+ 1$/);
    assert.match(parts[1] ?? "", /iteration_tokens_total_count.*\[2m\].* == 0\) \* 0 \+ 2$/);
    assert.match(parts[2] ?? "", /^group by \(model_name\) \(vllm:num_requests_running.*\) \* 3$/);
    assert.equal(parts[3], "vector(1) * 0");
    assert.deepEqual(checkQuery(query), []);
  });

  it("has a word for each number", () => {
    assert.deepEqual(
      STATES.map(({ value, text }) => [value, text]),
      [
        [0, "Down"],
        [1, "Sleeping"],
        [2, "Stalled"],
        [3, "Online"],
      ],
    );
  });
});
