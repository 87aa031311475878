/** One number, as it is now. */
import * as common from "@grafana/grafana-foundation-sdk/common";
import type { ValueMapping } from "@grafana/grafana-foundation-sdk/dashboard";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import {
  setCommonOptions,
  instantTarget,
  singleColour,
  sizedPanel,
  type PanelArgs,
  type SizedPanel,
} from "./panel.ts";

/**
 * The current value, in large type. It is an instant query, so it never shows a value from before
 * the traffic stopped. With `legend`, the panel shows one number per series.
 */
export function statPanel(
  args: PanelArgs & {
    query: string;
    /** Names each number, where the query returns several. */
    legend?: string;
    mappings?: ValueMapping[];
    decimals?: number;
    /** Colours the whole tile, so that it can be seen from a distance. */
    tile?: boolean;
  },
): SizedPanel {
  const builder = setCommonOptions(new stat.PanelBuilder(), { steps: singleColour(), ...args })
    .targets([instantTarget({ expr: args.query, legend: args.legend ?? "" }, 0)])
    .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]))
    .graphMode(common.BigValueGraphMode.None)
    .colorMode(args.tile ? common.BigValueColorMode.Background : common.BigValueColorMode.Value)
    .textMode(
      args.legend === undefined
        ? common.BigValueTextMode.Value
        : common.BigValueTextMode.ValueAndName,
    );
  if (args.mappings) builder.mappings(args.mappings);
  if (args.decimals !== undefined) builder.decimals(args.decimals);
  return sizedPanel(builder, args, { width: 3, height: 4 });
}
