import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  timeSeriesPanel,
  percentileTimeSeriesPanel,
  samplesFor,
  stackedTimeSeriesPanel,
  type Query,
} from "../../dashboards/panels/index.ts";
import { percentile, percentiles } from "../../dashboards/queries.ts";
import { TIMES } from "../../dashboards/units.ts";
import { metrics, promql } from "../../vllm/index.ts";

const ARGS = { title: "T", question: "How long?", advice: "!", unit: "s" };
const q = promql({ histograms: "classic", window: "$__rate_interval" });

interface BuiltTimeSeries {
  description: string;
  targets: { expr: string; interval?: string }[];
  fieldConfig: {
    defaults: {
      min?: number;
      noValue?: string;
      thresholds: { steps: unknown[] };
      custom: {
        scaleDistribution?: unknown;
        fillOpacity?: number;
        axisSoftMax?: number;
        lineWidth?: number;
        showPoints?: string;
      };
    };
    overrides: { matcher: { id: string; options: string }; properties: unknown[] }[];
  };
  options: {
    legend: {
      displayMode: string;
      placement: string;
      calcs: string[];
      sortBy?: string;
      sortDesc?: boolean;
    };
  };
}

const built = ({ builder }: ReturnType<typeof timeSeriesPanel>) =>
  builder.build() as unknown as BuiltTimeSeries;

describe("percentileLines", () => {
  const panel = (queries: Query[]) =>
    built(
      percentileTimeSeriesPanel({
        ...ARGS,
        queries,
        buckets: [0.001, 1, 2560],
        levels: { warning: 1, critical: 5 },
      }),
    );

  it("uses shades of one hue by series name, and neither red nor orange for the mean", () => {
    assert.deepEqual(
      panel(percentiles(q, metrics.timeToFirstToken))
        .fieldConfig.overrides.filter(({ matcher }) => matcher.id === "byName")
        .map(({ matcher, properties }) => [matcher, properties]),
      [
        ["P99", "dark-blue"],
        ["P95", "semi-dark-blue"],
        ["P90", "blue"],
        ["P50", "light-blue"],
        ["Mean", "purple"],
      ].map(([options, fixedColor]) => [
        { id: "byName", options },
        [{ id: "color", value: { mode: "fixed", fixedColor } }],
      ]),
    );
  });

  it("has a logarithmic axis without a minimum, no areas, and lines at both ends of the buckets", () => {
    const { defaults } = panel(percentiles(q, metrics.timeToFirstToken)).fieldConfig;
    assert.deepEqual(defaults.custom.scaleDistribution, { type: "log", log: 10 });
    assert.equal(defaults.min, undefined);
    assert.equal(defaults.custom.fillOpacity, undefined);
    assert.deepEqual(defaults.thresholds.steps, [
      { value: null, color: "transparent" },
      { value: 0.001, color: "#8e8e8e" },
      { value: 1, color: "orange" },
      { value: 5, color: "red" },
      { value: 2560, color: "#8e8e8e" },
    ]);
  });

  it("says how many samples each plotted percentile needs, and mentions no others", () => {
    const bounds =
      "How long? A percentile drawn as a dashed grey line lies outside the limits of the buckets: at 0.001 s the true value is lower, at 2560 s it is higher. The mean is exact. ";
    const back = " in the five minutes before a point; with fewer it is not drawn.";
    const question = (queries: Query[]) => panel(queries).description.split("\n")[0];
    assert.equal(
      question(percentiles(q, metrics.timeToFirstToken)),
      `${bounds}P99 needs 100 samples, P95 20, P90 10, P50 2${back}`,
    );
    assert.equal(
      question([percentile(q, 0.95, metrics.timeToFirstToken, { by: ["instance"] })]),
      `${bounds}P95 needs 20 samples${back}`,
    );
  });

  it("looks back five minutes plus a step, with as many points as fit", () => {
    const { targets } = panel(percentiles(q, metrics.timeToFirstToken));
    assert.equal(targets.length, 5);
    for (const { expr, interval } of targets) {
      const windows = [...expr.matchAll(/\[(.+?)\]/g)].map(([, window]) => window);
      assert.deepEqual([...new Set(windows)], ["5m${__interval_ms}ms"]);
      assert.equal(interval, undefined);
    }
  });
});

describe("an axis", () => {
  const axis = (args: Partial<Parameters<typeof timeSeriesPanel>[0]>) =>
    built(timeSeriesPanel({ ...ARGS, queries: [{ expr: "up", legend: "" }], ...args })).fieldConfig;

  it("has no text for missing values if logarithmic, but an empty panel has one", () => {
    const { defaults, overrides } = axis({ logarithmic: true, empty: "Off" });
    assert.equal(defaults.noValue, "Off");
    assert.deepEqual(overrides, [
      {
        matcher: { id: "byRegexp", options: "/.*/" },
        properties: [{ id: "noValue", value: null }],
      },
    ]);
    assert.deepEqual(axis({}).overrides, []);
  });

  it("has a minimum range per unit, so that zeros do not scale it to 10000 % or 1.67 min", () => {
    const softMax = (args: Parameters<typeof axis>[0]) => axis(args).defaults.custom.axisSoftMax;
    assert.equal(softMax({ unit: "percentunit" }), 0.01);
    assert.equal(softMax({ unit: "percent" }), 1);
    assert.equal(softMax({ unit: TIMES }), 1);
    assert.equal(softMax({ unit: "percentunit", max: 1 }), undefined);
    assert.equal(softMax({ unit: "percentunit", logarithmic: true }), undefined);
    assert.deepEqual(
      ["short", "s", "ops", "reqps", "suffix:tok/s", "bytes"].map((unit) => softMax({ unit })),
      [1, 0.001, 0.01, 0.01, 1, undefined],
    );
  });
});

it("a percentile needs enough samples to be more than just the largest of them", () => {
  assert.deepEqual([0.99, 0.95, 0.9, 0.5].map(samplesFor), [100, 20, 10, 2]);
});

it("stacked series have areas but no lines: a part that is 0 draws no line on top of the others", () => {
  const { defaults } = built(stackedTimeSeriesPanel({ ...ARGS, queries: [] })).fieldConfig;
  const { lineWidth, fillOpacity, showPoints } = defaults.custom;
  assert.deepEqual({ lineWidth, fillOpacity, showPoints }, STACKED);
});

const STACKED = { lineWidth: 0, fillOpacity: 60, showPoints: "never" };

describe("the legend of lines", () => {
  const legend = (label: string, width: number) => {
    const { displayMode, placement } = built(
      timeSeriesPanel({ ...ARGS, width, queries: [{ expr: "up", legend: label }] }),
    ).options.legend;
    return `${displayMode} ${placement}`;
  };

  it("is a table if there may be fifty lines, placed beside them if there is room", () => {
    assert.equal(legend("{{instance}} engine {{engine}}", 12), "table right");
    assert.equal(legend("{{instance}}", 8), "table bottom");
    assert.equal(legend("{{model_name}}: {{reason}}", 8), "table bottom");
    assert.equal(legend("{{model_name}}", 12), "table right");
  });

  it("sorts the highest first, or the lowest if lower is worse", () => {
    const sorted = (lessIsWorse: boolean) => {
      const queries = [{ expr: "up", legend: "{{model_name}}" }];
      const { calcs, sortBy, sortDesc } = built(timeSeriesPanel({ ...ARGS, queries, lessIsWorse }))
        .options.legend;
      return { calcs, sortBy, sortDesc };
    };
    const last = "lastNotNull";
    assert.deepEqual(sorted(false), { calcs: [last, "max"], sortBy: "Max", sortDesc: true });
    assert.deepEqual(sorted(true), { calcs: [last, "min"], sortBy: "Min", sortDesc: false });
  });

  it("is a plain list for a few lines, and for models in a narrow panel", () => {
    assert.equal(legend("{{model_name}}", 8), "list bottom");
    assert.equal(legend("Running", 12), "list bottom");
  });
});

it("line colours are set by name, or by a regular expression between slashes", () => {
  const { overrides } = built(
    timeSeriesPanel({
      ...ARGS,
      queries: [{ expr: "up", legend: "{{status}}" }],
      colours: { stop: "green", "/^4/": "orange" },
    }),
  ).fieldConfig;
  assert.deepEqual(
    overrides.map(({ matcher }) => matcher),
    [
      { id: "byName", options: "stop" },
      { id: "byRegexp", options: "/^4/" },
    ],
  );
});
