import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  RowBuilder,
  type AnnotationQuery,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { dashboardJson } from "./dashboardJson.ts";
import type { SizedPanel } from "./panels/index.ts";

/** A dashboard, row by row in reading order. */
export interface DashboardArgs {
  /** Fixed, so that links to the dashboard survive every change. */
  uid: string;
  title: string;
  /** What the dashboard is for. */
  description: string;
  variables: Builder<VariableModel>[];
  annotations: Builder<AnnotationQuery>[];
  rows: Row[];
  /**
   * The shortest time between two points of its panels, in Grafana's notation. By default, the data
   * source's.
   */
  interval?: string;
  /** Start of the default time range; an hour ago unless given. */
  from?: string;
}

/** Panels under a heading. */
export interface Row {
  /** Without a title the panels have no heading, as at the top of a dashboard. */
  title?: string;
  /** A variable whose value follows the title, as in "LoRA: on". */
  state?: string;
  panels: SizedPanel[];
  /**
   * Closed until a reader opens it, for panels that few readers need. Its queries do not run before
   * that.
   */
  collapsed?: boolean;
  /** A variable: the row is repeated for each of its values. */
  repeat?: string;
}

/** A dashboard: its parts, and the JSON for Grafana. */
export interface Dashboard extends Pick<DashboardArgs, "uid" | "title" | "description" | "rows"> {
  json: string;
}

/**
 * Makes a dashboard. Panels flow from left to right and wrap at the width of the grid, and share
 * one crosshair. Links to the other dashboards keep the time range and the chosen variables.
 */
export function dashboard(args: DashboardArgs): Dashboard {
  // The classic model: every Grafana from 10 to 13 reads it; only 13 reads its successor
  // (grafana-foundation-sdk#1220).
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(args.title)
    .uid(args.uid)
    .description(args.description)
    .tags([TAG])
    .time({ from: args.from ?? "now-1h", to: "now" })
    .refresh(REFRESH)
    .timezone("browser")
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder("vLLM dashboards")
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .annotations(args.annotations)
    .variables(args.variables);
  addRows(builder, args);
  const { uid, title, description, rows } = args;
  return { uid, title, description, rows, json: dashboardJson(builder.build()) };
}

const TAG = "vllm";

/**
 * Time between two refreshes. It must be one that Grafana's own menu offers, or the menu would show
 * a blank.
 */
const REFRESH = "30s";

/** Width of Grafana's grid. */
const COLUMNS = 24;

// eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
function addRows(builder: DashboardBuilder, { rows, interval }: DashboardArgs): void {
  let id = 0;
  let y = 0;
  for (const { title, state, panels, collapsed = false, repeat } of rows) {
    const text = state === undefined ? title : `${title}: $${state}`;
    const heading = text === undefined ? undefined : new RowBuilder(text).id(++id);
    if (heading) {
      heading.gridPos({ x: 0, y, w: COLUMNS, h: 1 }).collapsed(collapsed);
      if (repeat !== undefined) heading.repeat(repeat);
      y += 1;
      if (!collapsed) builder.withRow(heading);
    }
    const { places, bottom } = flow(panels, y);
    for (const [index, { builder: panel }] of panels.entries()) {
      const placed = panel.id(++id).gridPos(places[index] ?? { x: 0, y, w: 1, h: 1 });
      if (interval !== undefined) placed.interval(interval);
      if (heading && collapsed) heading.withPanel(placed);
      else builder.withPanel(placed);
    }
    if (heading && collapsed) builder.withRow(heading);
    else y = bottom;
  }
}

/** The widths of `count` panels that share a line. */
export function shares(count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const ends = [index, index + 1].map((end) => Math.round((end * COLUMNS) / count));
    return (ends[1] ?? COLUMNS) - (ends[0] ?? 0);
  });
}

/** Places panels from left to right, in lines as high as their highest panel. */
function flow(panels: SizedPanel[], top: number) {
  let [x, y, line] = [0, top, 0];
  const places = panels.map(({ width, height }) => {
    if (x + width > COLUMNS) [x, y, line] = [0, y + line, 0];
    const place = { x, y, w: width, h: height };
    x += width;
    line = Math.max(line, height);
    return place;
  });
  return { places, bottom: y + line };
}
