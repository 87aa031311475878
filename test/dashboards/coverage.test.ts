import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OMITTED_METRICS } from "../../dashboards/omittedMetrics.ts";
import { allExporterMetrics, allMetrics, seriesNames, type Metric } from "../../vllm/index.ts";
import { fleetGroups } from "../../prometheus/rules/fleet.ts";
import { options as ruleOptions } from "../prometheus/rules/defaultRuleOptions.ts";
import { OPTIONS, parsedDashboards, queriesOf, type DashboardJson } from "./parsedDashboards.ts";

/** The names in all panels' queries, for a fleet of all releases. */
function namesAsked(all: DashboardJson[]): Set<string> {
  const text = all.flatMap((dashboard) => queriesOf(dashboard).map(({ expr }) => expr)).join("\n");
  return new Set(text.match(/[a-zA-Z_][\w:]*/g));
}

/** Whether a query reads the metric under its own name or as a recorded series. */
function isAsked(metric: Metric, names: Set<string>): boolean {
  return [metric.name, ...Object.values(seriesNames(metric))].some(
    (name) => names.has(name) || RECORDED_METRICS.get(name)?.some((one) => names.has(one)),
  );
}

/** The names of recorded series, by the metric series that their rules read. */
const RECORDED_METRICS = Map.groupBy(
  [...fleetRules("classic"), ...fleetRules("native")].map(({ record }) => record),
  (record) => record.split(":")[1]?.replace(/^vllm_/, "vllm:") ?? "",
);

function fleetRules(histograms: "classic" | "native") {
  return fleetGroups(ruleOptions({ histograms })).flatMap(({ rules }) => rules);
}

describe("every metric of the catalogue", () => {
  const left = OMITTED_METRICS.map(({ metric }) => metric);
  // Metrics that only annotations query, not panels.
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

    it(`is not listed as left out if it is on a ${histograms} dashboard`, () => {
      for (const metric of left) assert.ok(!isAsked(metric, names), metric.name);
    });
  }

  it("is left out at most once, and with a reason", () => {
    assert.equal(new Set(left).size, left.length);
    for (const { metric, reason } of OMITTED_METRICS) assert.match(reason, /\.$/, metric.name);
  });
});

describe("every recorded series of jobs and models", () => {
  /** Each rate is recorded over its own window and, derived from that, over five minutes. */
  const either = (record: string) => [
    record.replace(/:rate5m$/, ":rate"),
    record.replace(/:rate$/, ":rate5m"),
  ];

  for (const histograms of ["classic", "native"] as const) {
    it(`is read by a ${histograms} dashboard`, () => {
      const canary = { name: "Canary", metric: "canary", target: 0.99, window: "30d" } as const;
      const objectives = [...OPTIONS.objectives, canary];
      const names = namesAsked(parsedDashboards({ histograms, objectives }));
      const unread = fleetRules(histograms).filter(
        ({ record }) => !either(record).some((one) => names.has(one)),
      );
      assert.deepEqual(
        unread.map(({ record }) => record),
        [],
      );
    });
  }
});
