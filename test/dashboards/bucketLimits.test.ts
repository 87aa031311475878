/** What panels show for latencies at both ends of the buckets, and just inside them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bucketLimits } from "../../dashboards/panels/index.ts";
import { UIDS } from "../../dashboards/uids.ts";
import { configOf, displayIn } from "../../lab/page/data/display.ts";
import type { Panel } from "../../lab/page/dashboardModel.ts";
import { parsedDashboards, panelsOf } from "./parsedDashboards.ts";

for (const histograms of ["classic", "native"] as const) {
  describe(`with ${histograms} histograms,`, () => {
    const overview = parsedDashboards({ histograms }).find(({ uid }) => uid === UIDS.overview);
    const panelOf = (title: string) => {
      const panel = overview && panelsOf(overview).find((one) => one.title === title);
      assert.ok(panel, title);
      return panel;
    };
    /** The text that the panel shows for values of one of its columns or lines. */
    const says = (title: string, field: string) => {
      const display = displayIn(configOf(panelOf(title) as unknown as Panel, field));
      return (value: number) => display(value).text;
    };

    it("a tile shows that a value is below the first bucket's end, or beyond the last one", () => {
      assert.deepEqual([0.3, 0.31, 7679, 7680].map(says("E2E P95", "")), [
        "< 0.3 s",
        "310 ms",
        "2.13 hours",
        "≥ 7680 s",
      ]);
    });

    it("so does a table", () => {
      assert.deepEqual([0.001, 0.0011].map(says("Bottleneck by model", "TTFT P95")), [
        "< 1 ms",
        "1.10 ms",
      ]);
    });

    it("so does a line's tooltip, but a mean below that end is shown as it is", () => {
      const { targets = [] } = panelOf("Queue time");
      for (const { legendFormat = "" } of targets) {
        assert.equal(says("Queue time", legendFormat)(0.3), "< 0.3 s");
        assert.equal(says("Queue time", legendFormat)(0.31), "310 ms");
      }
      assert.equal(says("Queue time", "Mean")(0.000_014), "14 µs");
    });

    it("queries return nothing below the first bucket's end", () => {
      for (const title of ["Queue time", "E2E P95"]) {
        const exprs = (panelOf(title).targets ?? []).map(({ expr }) => expr);
        for (const expr of exprs.filter((one) => one.includes("histogram_quantile"))) {
          assert.match(expr, /^clamp_min\(histogram_quantile\(.*\), 0\.3\)( >= 0| and )/);
        }
      }
    });
  });
}

describe("the colour of values in the first bucket", () => {
  const colour = (first: number) => {
    const [{ options } = { options: {} }] = bucketLimits([first, 10], "s", {
      warning: 1,
      critical: 5,
    });
    return (options as Record<string, { color?: string }>)[first]?.color;
  };

  it("is green if the bucket ends at or below the warning threshold", () => {
    assert.equal(colour(1), "green");
  });

  it("is neutral if it ends above the threshold, because values may be good or bad", () => {
    assert.equal(colour(1.1), "text");
  });
});

it("short times have a unit that is easy to read", () => {
  const text = (first: number) => {
    const [{ options } = { options: {} }] = bucketLimits([first, 10], "s");
    return (options as Record<string, { text?: string }>)[first]?.text;
  };
  assert.deepEqual([0.000_01, 0.001, 0.01, 0.3].map(text), [
    "< 10 µs",
    "< 1 ms",
    "< 10 ms",
    "< 0.3 s",
  ]);
});
