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

it("rows too thin for words have a legend of the colours", () => {
  const query = { expr: "up", legend: "{{instance}}" };
  const { builder } = states({ title: "T", question: "?", advice: "!", query, words: [] });
  const built = builder.build();
  assert.equal((built.options as { legend: { showLegend: boolean } }).legend.showLegend, true);
  // Grafana draws none where colours are by value, which they are unless told.
  assert.equal(built.fieldConfig?.defaults.color?.mode, "fixed");
});
