/** Lines over time. */
import * as common from "@grafana/grafana-foundation-sdk/common";
import type {
  ThresholdsConfig,
  ThresholdsConfigBuilder,
  ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { TIMES, TOKENS_PER_SECOND } from "../units.ts";
import {
  colours,
  setCommonOptions,
  rangeTarget,
  sizedPanel,
  WITHOUT_NO_VALUE,
  type PanelArgs,
  type Query,
  type SizedPanel,
} from "./panel.ts";
import type { SeriesColours } from "./seriesColours.ts";

/** The arguments of a panel of lines. */
export type TimeSeriesArgs = PanelArgs & {
  queries: Query[];
  /** Upper end of the axis, if it is fixed. */
  max?: number;
  /**
   * Lower end of the axis, which lines may go below. Without it the axis starts at 0 and lines are
   * filled.
   */
  softMin?: number;
  /**
   * Makes the axis logarithmic. It has no 0, so an area would mean nothing, and lines are not
   * filled.
   */
  logarithmic?: boolean;
  /** Words for single values, in the tooltip, in the legend and on the axis. */
  mappings?: ValueMapping[];
  /** Colours with a meaning. The other lines get the colours of the palette, in turn. */
  colours?: SeriesColours;
  /** Lower values are worse: a legend with numbers lists the lowest first. */
  lessIsWorse?: boolean;
  /**
   * Shortens long names: replaces what the regular expression matches by the pattern. Between
   * slashes, the expression can match a part of a name; without them, Grafana matches it against
   * the whole name.
   */
  rename?: { regex: string; renamePattern: string };
};

/** Lines over time. A line is broken where nothing was measured, and an empty panel says why. */
export function timeSeriesPanel(args: TimeSeriesArgs): SizedPanel {
  return sizedPanel(timeSeriesBuilder(args), args, SIZE);
}

/**
 * The same with the queries stacked on each other, as parts of a whole. Only areas are drawn: the
 * line of a part that is 0 would run along the top of the parts below, as if they all belonged to
 * that part.
 */
export function stackedTimeSeriesPanel(args: TimeSeriesArgs): SizedPanel {
  return sizedPanel(
    timeSeriesBuilder(args)
      .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"))
      .fillOpacity(60)
      .lineWidth(0)
      .showPoints(common.VisibilityMode.Never),
    args,
    SIZE,
  );
}

function timeSeriesBuilder(args: TimeSeriesArgs): timeseries.PanelBuilder {
  const panel = setCommonOptions(new timeseries.PanelBuilder(), args)
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
  if (args.logarithmic) {
    panel
      .scaleDistribution(
        new common.ScaleDistributionConfigBuilder().type(common.ScaleDistribution.Log).log(10),
      )
      .overrideByRegexp(...WITHOUT_NO_VALUE);
  } else if (args.softMin === undefined) panel.min(0).fillOpacity(8);
  else panel.axisSoftMin(args.softMin);
  const softMax = SOFT_MAX[args.unit];
  if (args.max !== undefined) panel.max(args.max);
  else if (softMax !== undefined && !args.logarithmic) panel.axisSoftMax(softMax);
  if (args.mappings) panel.mappings(args.mappings);
  if (args.rename) panel.transformations([{ id: "renameByRegex", options: args.rename }]);
  for (const [name, fixedColor] of Object.entries(args.colours ?? {})) {
    const properties = [{ id: "color", value: { mode: "fixed", fixedColor } }];
    if (name.startsWith("/")) panel.overrideByRegexp(name, properties);
    else panel.overrideByName(name, properties);
  }
  if (args.steps) {
    panel.thresholds(limits(args.steps.build()));
    panel.thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed),
    );
  }
  return panel;
}

/**
 * The minimum upper end of an axis, by unit. If all values are zero, Grafana would draw the axis up
 * to 100: 10000 %, 1.67 min or 100 ops/s.
 */
const SOFT_MAX: Readonly<Record<string, number>> = {
  [units.PercentUnit]: 0.01,
  [units.Percent]: 1,
  [units.Short]: 1,
  [units.Seconds]: 0.001,
  [units.OpsPerSecond]: 0.01,
  [units.RequestsPerSecond]: 0.01,
  [TOKENS_PER_SECOND]: 1,
  [TIMES]: 1,
};

/** Those colour steps that are worth a line across the panel. */
function limits({ steps }: ThresholdsConfig): ThresholdsConfigBuilder {
  return colours([
    [null, "transparent"],
    ...steps.flatMap(({ value, color }): [number, string][] =>
      value === null || value <= 0 ? [] : [[value, color]],
    ),
  ]);
}

/**
 * A panel with one line per label value can have fifty lines. These are listed beside the graph,
 * highest first, in a table that scrolls. In a narrow panel, the names of models are listed below
 * the graph. Labels that can have more values, such as servers or pairs of labels, get a table
 * there, with only the highest few in sight. For a few fixed lines, the legend shows only their
 * names.
 */
function legend({
  queries,
  width = SIZE.width,
  lessIsWorse = false,
}: TimeSeriesArgs): common.VizLegendOptionsBuilder {
  const builder = new common.VizLegendOptionsBuilder().showLegend(true);
  const isPer = (label: string) => queries.some(({ legend }) => legend.includes(`{{${label}`));
  const isWide = width >= SIZE.width;
  const isPerPair = queries.some(({ legend }) => legend.split("{{").length > 2);
  const areMany = isPer("instance") || isPer("rule_group") || isPerPair;
  if (areMany || (isWide && isPer(""))) {
    return builder
      .displayMode(common.LegendDisplayMode.Table)
      .placement(isWide ? common.LegendPlacement.Right : common.LegendPlacement.Bottom)
      .calcs(["lastNotNull", lessIsWorse ? "min" : "max"])
      .sortBy(lessIsWorse ? "Min" : "Max")
      .sortDesc(!lessIsWorse);
  }
  return builder
    .displayMode(common.LegendDisplayMode.List)
    .placement(common.LegendPlacement.Bottom)
    .calcs([]);
}

/** A panel's default size. */
const SIZE = { width: 12, height: 8 };
