/** States over time, a row each. */
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
 * When was what in which state? Numbers are shown as the words given. More rows than have room for
 * their names are shown in pages. A `single` one says its words itself, and gets the room that names,
 * a legend and the numbers of pages take.
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
    // Rows of several servers are thinner than a line of text: there the legend says what is what.
    .showValue(args.single ? common.VisibilityMode.Auto : common.VisibilityMode.Never)
    // At the left, Grafana's default, the first letter of a state that began earlier is cut off.
    .alignValue(common.TimelineValueAlignment.Center)
    .rowHeight(0.8)
    .fillOpacity(70)
    .lineWidth(0)
    // By value, which is what Grafana takes without it, there is no legend.
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor("text"))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(args.single !== true)
        .displayMode(common.LegendDisplayMode.List)
        .placement(common.LegendPlacement.Bottom)
        .calcs([]),
    );
  // Without any name Grafana would show the series' own.
  if (args.single) builder.disablePagination().displayName(" ");
  else builder.perPage(rowsIn(height));
  return sizedPanel(builder, args, { width: 24, height });
}

/** How many rows have room for their names, which Grafana would print over one another. */
function rowsIn(height: number): number {
  // Of a panel's pixels, title, time axis, legend and the pages' numbers take 120, and a name 14.
  return Math.floor((height * 38 - 8 - 120) / 14);
}
