/** Distributions over time. */
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as heatmap from "@grafana/grafana-foundation-sdk/heatmap";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as units from "@grafana/grafana-foundation-sdk/units";
import {
  setCommonOptions,
  rangeTarget,
  sizedPanel,
  type PanelArgs,
  type SizedPanel,
} from "./panel.ts";

/** A distribution over time. `query` returns one series per bucket, as a heatmap needs. */
export function heatmapPanel(args: PanelArgs & { query: string }): SizedPanel {
  const builder = setCommonOptions(new heatmap.PanelBuilder(), args)
    .targets([
      rangeTarget({ expr: args.query, legend: "{{le}}" }, 0).format(
        prometheus.PromQueryFormat.Heatmap,
      ),
    ])
    .calculate(false)
    .yAxis(new heatmap.YAxisConfigBuilder().unit(args.unit))
    // A cell holds a number of observations, whatever their unit.
    .cellValues(new heatmap.CellValuesBuilder().unit(units.Short))
    .color(
      new heatmap.HeatmapColorOptionsBuilder()
        .mode(heatmap.HeatmapColorMode.Scheme)
        .scheme("Spectral")
        .steps(64),
    )
    .showValue(common.VisibilityMode.Never);
  return sizedPanel(builder, args, { width: 12, height: 8 });
}
