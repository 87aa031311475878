import {
  DashboardBuilder,
  DashboardCursorSync,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { PanelBuilder } from "./panels.ts";

/** A board, panel by panel in reading order. */
export interface BoardArgs {
  /** Fixed, so that links to the board survive every change. */
  uid: string;
  title: string;
  /** What the board is for. */
  description: string;
  variables: Builder<VariableModel>[];
  panels: PanelBuilder[];
}

/**
 * A board's JSON: two columns of panels over the last hour, refreshed every 15 s, with one
 * crosshair for all panels. Keys are sorted, so that the text changes only when the board does.
 */
export function board(args: BoardArgs): string {
  // The classic model: every Grafana from 10 to 13 reads it, its successor only 13 (grafana-foundation-sdk#1220).
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(args.title)
    .uid(args.uid)
    .description(args.description)
    .tags(["vllm"])
    .time({ from: "now-1h", to: "now" })
    .refresh("15s")
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(args.variables);
  for (const [index, panel] of args.panels.entries()) {
    builder.withPanel(
      panel.id(index + 1).gridPos({
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      }),
    );
  }
  return JSON.stringify(sortKeys(builder.build()), undefined, 2);
}

/** A panel's size in Grafana's grid, whose width is 24. */
const WIDTH = 12;
const HEIGHT = 8;

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
