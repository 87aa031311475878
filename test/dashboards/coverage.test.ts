import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OMITTED_METRICS } from "../../dashboards/omittedMetrics.ts";
import { allExporterMetrics, allMetrics, seriesNames, type Metric } from "../../vllm/index.ts";
import { parsedDashboards, queriesOf, type DashboardJson } from "./parsedDashboards.ts";

/** Names in the queries of all panels, of a fleet of all releases. */
function namesAsked(all: DashboardJson[]): Set<string> {
  const text = all.flatMap((dashboard) => queriesOf(dashboard).map(({ expr }) => expr)).join("\n");
  return new Set(text.match(/[a-zA-Z_][\w:]*/g));
}

function isAsked(metric: Metric, names: Set<string>): boolean {
  return [metric.name, ...Object.values(seriesNames(metric))].some((name) => names.has(name));
}

describe("every metric of the catalogue", () => {
  const left = OMITTED_METRICS.map(({ metric }) => metric);
  // The names of annotations: they are asked for, but in no panel.
  const annotated = ["prometheus_config_last_reload_success_timestamp_seconds"];
  for (const histograms of ["classic", "native"] as const) {
    const names = namesAsked(parsedDashboards({ histograms, oldestVersion: "0.8" }));

    it(`is on a ${histograms} dashboard, or left out with a reason`, () => {
      const missing = [...allMetrics, ...allExporterMetrics].filter(
        (metric) =>
          !isAsked(metric, names) && !left.includes(metric) && !annotated.includes(metric.name),
      );
      assert.deepEqual(
        missing.map(({ name }) => name),
        [],
      );
    });

    it(`is not left out although it is on a ${histograms} dashboard`, () => {
      for (const metric of left) assert.ok(!isAsked(metric, names), metric.name);
    });
  }

  it("that is left out is so once, with a reason", () => {
    assert.equal(new Set(left).size, left.length);
    for (const { metric, reason } of OMITTED_METRICS) assert.match(reason, /\.$/, metric.name);
  });
});
