/** A panel's queries as Grafana sends them. */
import type { BoardJson, PanelJson } from "../dashboards/boards.ts";
import { panelsOf } from "../dashboards/boards.ts";
import { asGrafanaSends } from "../prometheus/grafanaQuery.ts";
import { SCRAPE } from "./fleet.ts";

export interface AskedPanel {
  title: string;
  type: string;
  /** What each query's series are called: `{{label}}` stands for a label's value. */
  legends: string[];
  /** Seconds over which each query's rates are: of a number of the present, or of a point of a line. */
  windows: number[];
  /** Each query, with the reader's choice of variables filled in. */
  queries: (variables: Record<string, string>) => string[];
}

/** The panels of a board that have queries, as Grafana asks over the last hour. */
export function askedPanels(board: BoardJson): AskedPanel[] {
  return panelsOf(board).flatMap((panel) => {
    const { title, type, targets = [] } = panel;
    if (targets.length === 0) return [];
    const intervals = targets.map(({ interval }) => rateInterval(panel, interval));
    const isPresent = type === "stat" || type === "table";
    return [
      {
        title,
        type,
        legends: targets.map(({ legendFormat = "" }) => legendFormat),
        windows: intervals.map((interval) => (isPresent ? PRESENT : interval)),
        queries: (variables) =>
          targets.map(({ expr }, index) => {
            const rateInterval = `${intervals[index] ?? SCRAPE}s`;
            return asGrafanaSends(expr, { rateInterval, range: "1h", variables });
          }),
      },
    ];
  });
}

/**
 * As Grafana's Prometheus data source computes it: four scrapes, or a point and a scrape; a query's
 * own shortest step counts as the time between two scrapes.
 */
function rateInterval({ interval }: PanelJson, own: string | undefined): number {
  const scrape = seconds(own) ?? SCRAPE;
  const step = seconds(own ?? interval) ?? SCRAPE;
  return Math.max(4 * scrape, step + scrape);
}

function seconds(interval: string | undefined): number | undefined {
  if (interval === undefined) return undefined;
  return Number(interval.slice(0, -1)) * (interval.endsWith("m") ? 60 : 1);
}

/** The window of numbers of the present: the boards' `PRESENT`. */
const PRESENT = 300;
