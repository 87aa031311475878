import assert from "node:assert/strict";
import { it } from "node:test";
import { ALERT_NAMES } from "../../../prometheus/rules/index.ts";
import { alertMeanings } from "../../../prometheus/rules/meanings.ts";
import { options } from "./options.ts";

const meanings = alertMeanings(options());

it("what an alert means is its summary, with words for what its labels and its value say", () => {
  const of = (...names: (typeof ALERT_NAMES)[number][]) => names.map((name) => meanings[name]);
  assert.deepEqual(of("VllmTargetDown", "VllmEngineStalled", "VllmEngineRestarts"), [
    "The server cannot be scraped",
    "An engine of the server hangs",
    "The server restarted several times within an hour",
  ]);
  assert.deepEqual(of("GpuXidErrors", "GpuExporterDown", "GpuThrottled", "VllmLoadImbalanced"), [
    "A GPU reported an XID error",
    "The GPU exporter does not answer",
    "A GPU runs slowly",
    "The server gets an uneven share of the requests",
  ]);
});

it("every alert has a meaning in which nothing is left of the template", () => {
  assert.deepEqual(Object.keys(meanings).sort(), [...ALERT_NAMES].sort());
  for (const text of Object.values(meanings)) assert.match(text, /^[A-Z][^{}]*[^\s{}]$/);
});
