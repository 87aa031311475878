import assert from "node:assert/strict";
import { it } from "node:test";
import { bench } from "../../../lab/commands/bench.ts";

it("says what it can measure, and how often", async () => {
  await assert.rejects(bench(["dashboard"], { times: "5" }), {
    message:
      'The benchmark has no part "dashboard": name one or some of dashboards, rules, ingest, preview, deployment, or none for all.',
  });
  await assert.rejects(bench(["dashboards"], { times: "0" }), {
    message: "--times 0 is not a count: give a whole number from 1 on.",
  });
  await assert.rejects(bench([], { times: "5", engines: "1,ten" }), {
    message: "--engines ten is not a count: give a whole number from 1 on.",
  });
});
