import assert from "node:assert/strict";
import { it } from "node:test";
import { states } from "../../dashboards/panels/index.ts";

it("states come in pages, but a single row does not", () => {
  const perPage = (single?: boolean) => {
    const query = { expr: "up", legend: "{{instance}}" };
    const args = { title: "T", question: "?", advice: "!", query, words: [] };
    const { builder } = states(single === undefined ? args : { ...args, single });
    return (builder.build().options as { perPage: number | null }).perPage;
  };
  assert.equal(perPage(), 20);
  assert.equal(perPage(true), null);
});
