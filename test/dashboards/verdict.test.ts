import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dashboardQueries } from "../../dashboards/queries.ts";
import { serverState, STATES } from "../../dashboards/serverState.ts";
import { thresholds } from "../../dashboards/thresholds.ts";
import { VERDICTS, verdict, verdictsExplained } from "../../dashboards/verdict.ts";
import { checkQuery } from "../vllm/check.ts";
import { OPTIONS, RECORDED } from "./parsedDashboards.ts";

const queries = dashboardQueries(OPTIONS, {});

/** The parts of a query, split at each `or` outside parentheses. */
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
    errorRatio: { warning: 0.01, critical: 0.015 },
    rejectionRatio: { warning: 0.01, critical: 0.02 },
    abortRatio: { warning: 0.03, critical: 0.5 },
    preemptionRatio: { warning: 0.04, critical: 0.5 },
    kvCacheUsage: { warning: 0.85, critical: 0.95 },
    queueShare: { warning: 0.06, critical: 0.07 },
    timeToFirstToken: { warning: 8, critical: 9 },
    interTokenLatency: { warning: 0.11, critical: 0.12 },
  });
  const parts = alternatives(verdict(queries, limits));

  it("checks the rules in order, each against its threshold", () => {
    const rules = parts.map((part) => [
      / \* 0 \+ (\d+)$/.exec(part)?.[1],
      />= ([\d.]+)(?:\)? and|\) \* 0)/.exec(part)?.[1],
    ]);
    assert.deepEqual(rules, [
      ["12", undefined],
      ["1", undefined],
      ["11", undefined],
      ["9", "0.015"],
      ["8", "0.02"],
      ["7", "0.03"],
      ["6", "0.04"],
      ["6", "0.85"],
      ["5", "0.07"],
      ["5", undefined],
      ["4", "8"],
      ["3", "0.11"],
      ["10", "2"],
      ["2", undefined],
      ["0", undefined],
    ]);
  });

  it("is a number with a matching word", () => {
    assert.deepEqual(
      VERDICTS.map(({ value, text }) => [value, text]),
      [
        [0, "No traffic"],
        [1, "Sleeping"],
        [2, "Healthy"],
        [3, "Decode-bound"],
        [4, "Prefill-bound"],
        [5, "Queue-bound"],
        [6, "KV-bound"],
        [7, "Client aborts"],
        [8, "Admission"],
        [9, "Errors"],
        [10, "Not answering"],
        [11, "Stalled"],
        [12, "Down"],
      ],
    );
  });

  it("is explained with the thresholds in use", () => {
    const text = verdictsExplained(limits);
    for (const shown of [
      "1.5 %",
      "2 %",
      "3 %",
      "0.04 preemptions",
      "85 %",
      "7 %",
      "8 s",
      "0.11 s",
    ]) {
      assert.ok(text.includes(shown), shown);
    }
  });
});

describe("the state", () => {
  const query = serverState(queries, ["model_name"], 'up{job="a"}');

  it("checks for sleeping before stalled, stalled before online, and down last", () => {
    const parts = alternatives(query);
    assert.equal(parts.length, 4);
    assert.match(parts[0] ?? "", /engine_sleep_state\{sleep_state="awake".* == 0\) \* 0 \+ 1$/);
    assert.match(
      parts[1] ?? "",
      /^group by \(model_name\) \(engine:vllm_stalled:bool\) \* 0 \+ 2$/,
    );
    assert.match(
      parts[2] ?? "",
      /^\(group by \(model_name\) \(vllm:request_success_total.*\) \* 3$/,
    );
    assert.equal(parts[3], 'on (model_name) up{job="a"} * 0');
    assert.deepEqual(checkQuery(query, { recorded: RECORDED }), []);
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
