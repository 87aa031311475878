import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import * as common from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCE } from "./variables.ts";

/** What every panel has. */
interface PanelArgs {
  title: string;
  /** The question that the panel answers, and how to read it. */
  description: string;
  /** A unit id of Grafana's, from the SDK's `units`. */
  unit: string;
}

/** One line, or one group of lines, of a panel. */
export interface Query {
  /** PromQL. */
  expr: string;
  /** Name in the legend; `{{label}}` stands for a label's value. */
  legend: string;
}

/** A panel without its id and place, which the board gives it. */
export type PanelBuilder = Builder<Panel> & {
  id(id: number): PanelBuilder;
  gridPos(place: { x: number; y: number; w: number; h: number }): PanelBuilder;
};

/** Lines over time. Where nothing is measured the line is broken, and an empty panel says why. */
export function lines(args: PanelArgs & { queries: Query[]; max?: number }): PanelBuilder {
  const panel = timeseriesPanel(args);
  return args.max === undefined ? panel : panel.max(args.max);
}

/** The same with the queries stacked on each other: parts of a whole. */
export function stackedLines(args: PanelArgs & { queries: Query[] }): PanelBuilder {
  return timeseriesPanel(args)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group("A"))
    .fillOpacity(30);
}

/** A distribution over time: `query` gives one series per bucket, with the label `le`. */
export function distribution(args: PanelArgs & { query: string }): PanelBuilder {
  return new heatmap.PanelBuilder()
    .title(args.title)
    .description(args.description)
    .datasource(DATASOURCE)
    .targets([
      target({ expr: args.query, legend: "{{le}}" }, 0).format(prometheus.PromQueryFormat.Heatmap),
    ])
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(args.unit))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme("Spectral")
        .steps(64),
    )
    .showValue(common.VisibilityMode.Never)
    .noValue(NO_TRAFFIC);
}

/** What a panel says that has nothing to show, because nothing was asked of vLLM. */
const NO_TRAFFIC = "No traffic";

function timeseriesPanel(args: PanelArgs & { queries: Query[] }): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(args.title)
    .description(args.description)
    .datasource(DATASOURCE)
    .targets(args.queries.map(target))
    .unit(args.unit)
    .min(0)
    .noValue(NO_TRAFFIC)
    .lineWidth(1)
    .fillOpacity(8)
    .showPoints(common.VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Right)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(
      new common.VizTooltipOptionsBuilder()
        .mode(common.TooltipDisplayMode.Multi)
        .sort(common.SortOrder.Descending),
    );
}

function target({ expr, legend }: Query, index: number): prometheus.DataqueryBuilder {
  return new prometheus.DataqueryBuilder()
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .expr(expr)
    .legendFormat(legend)
    .range();
}
