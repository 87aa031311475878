/** Lines over time. */
import * as common from "@grafana/grafana-foundation-sdk/common";
import type {
  ThresholdsConfig,
  ThresholdsConfigBuilder,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import type { Levels } from "../options.ts";
import {
  colours,
  dress,
  rangeTarget,
  type PanelArgs,
  type Query,
  type SizedPanel,
} from "./panel.ts";

type LinesArgs = PanelArgs & {
  queries: Query[];
  /** Upper end of the axis, where there is one. */
  max?: number;
  /** Lower end of the axis, which lines may go below; it is 0 otherwise, and they are filled. */
  softMin?: number;
  /** The shortest time that a point stands for: longer where many samples are needed for one. */
  interval?: string;
  /** What is left of names that are too long: what a regular expression finds becomes the text. */
  rename?: { regex: string; renamePattern: string };
};

/** Lines over time. Where nothing is measured the line is broken, and an empty panel says why. */
export function lines(args: LinesArgs): SizedPanel {
  return sized(args, timeSeries(args));
}

/** The same with the queries stacked on each other: parts of a whole. */
export function stackedLines(args: LinesArgs): SizedPanel {
  return sized(
    args,
    timeSeries(args)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"))
      .fillOpacity(30),
  );
}

/**
 * Percentiles of a latency. A grey dashed line marks the end of the shortest bucket: a percentile
 * below it is a guess. Others mark where the latency becomes worth a look.
 */
export function percentileLines(
  args: LinesArgs & {
    /** The ends of its buckets. */
    buckets: readonly number[];
    levels?: Levels;
  },
): SizedPanel {
  const floor = args.buckets[0] ?? 0;
  const steps: [number | null, string][] = [
    [null, "transparent"],
    [floor, "#8e8e8e"],
  ];
  if (args.levels && args.levels.warning > floor) {
    steps.push([args.levels.warning, "orange"], [args.levels.critical, "red"]);
  }
  return lines({
    interval: "1m",
    ...args,
    question: `${args.question} Below the grey dashed line (${floor} s, where the shortest bucket ends) a percentile is a guess; the 99th is left out below 100 samples.`,
    steps: colours(steps),
  });
}

function sized(args: LinesArgs, builder: timeseries.PanelBuilder): SizedPanel {
  return { builder, width: args.width ?? WIDTH, height: args.height ?? 8 };
}

function timeSeries(args: LinesArgs): timeseries.PanelBuilder {
  const panel = dress(new timeseries.PanelBuilder(), args)
    .targets(args.queries.map(rangeTarget))
    .lineWidth(1)
    .showPoints(common.VisibilityMode.Auto)
    .pointSize(4)
    .spanNulls(false)
    .legend(legend(args))
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
  if (args.softMin === undefined) panel.min(0).fillOpacity(8);
  else panel.axisSoftMin(args.softMin);
  if (args.max !== undefined) panel.max(args.max);
  if (args.interval !== undefined) panel.interval(args.interval);
  if (args.rename) panel.transformations([{ id: "renameByRegex", options: args.rename }]);
  if (args.steps) {
    panel.thresholds(limits(args.steps.build()));
    panel.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  return panel;
}

/** Of the steps of a number's colours, those that are worth a line across the panel. */
function limits({ steps }: ThresholdsConfig): ThresholdsConfigBuilder {
  return colours([
    [null, "transparent"],
    ...steps.flatMap(({ value, color }): [number, string][] =>
      value === null || value <= 0 ? [] : [[value, color]],
    ),
  ]);
}

/**
 * A line per label value can be fifty: those are listed beside the lines, the highest first, in a
 * table that scrolls; below the lines where the panel is narrow. A few fixed lines are only named.
 */
function legend({ queries, width = WIDTH }: LinesArgs): common.VizLegendOptionsBuilder {
  const builder = new common.VizLegendOptionsBuilder().showLegend(true);
  const many = queries.some((query) => query.legend.includes("{{"));
  if (many && width >= WIDTH) {
    return builder
      .displayMode(common.LegendDisplayMode.Table)
      .placement(common.LegendPlacement.Right)
      .calcs(["lastNotNull", "max"])
      .sortBy("Max")
      .sortDesc(true);
  }
  return builder
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .calcs([]);
}

/** Columns of a panel that is told nothing else. */
const WIDTH = 12;
