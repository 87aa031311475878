/** States over time, one row per series. */
import * as common from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import * as statetimeline from "@grafana/grafana-foundation-sdk/statetimeline";
import {
  setCommonOptions,
  rangeTarget,
  sizedPanel,
  WITHOUT_NO_VALUE,
  type PanelArgs,
  type Query,
  type SizedPanel,
} from "./panel.ts";
import { words, type Word } from "./mappings.ts";

/**
 * Shows what was in which state, and when. Numbers are shown as the given words. If there are more
 * rows than fit with their names, the panel splits them into pages. A `single` row shows the words
 * itself, and gets the space that names, a legend and page numbers would take.
 */
export function stateTimelinePanel(
  args: Omit<PanelArgs, "unit"> & { query: Query; words: readonly Word[]; single?: boolean },
): SizedPanel {
  const { height = 10 } = args;
  const builder = setCommonOptions(new statetimeline.PanelBuilder(), { ...args, unit: "short" })
    .targets([rangeTarget(args.query, 0)])
    .mappings(words(args.words))
    .overrideByRegexp(...WITHOUT_NO_VALUE)
    .mergeValues(true)
    // With several servers, rows are thinner than a line of text, so the legend explains the colours.
    .showValue(args.single ? common.VisibilityMode.Auto : common.VisibilityMode.Never)
    // With Grafana's default, left, the first letter of a state that began earlier would be cut off.
    .alignValue(common.TimelineValueAlignment.Center)
    .rowHeight(0.8)
    .fillOpacity(70)
    .lineWidth(0)
    // Without this Grafana colours by value, and shows no legend.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor("text"))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(args.single !== true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    );
  // Without a display name Grafana would show the series' own name.
  if (args.single) builder.disablePagination().displayName(" ");
  else builder.perPage(rowsIn(height));
  return sizedPanel(builder, args, { width: 24, height });
}

/**
 * How many rows fit with their names. With more rows, Grafana would print the names over one
 * another.
 */
function rowsIn(height: number): number {
  // Title, time axis, legend and page numbers take 120 pixels of a panel's height, and each name 14.
  return Math.floor((height * 38 - 8 - 120) / 14);
}
