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
  /** Seconds over which its rates are: of a number of the present, or of a point of a line. */
  window: number;
  /** Each query, with the reader's choice of variables filled in. */
  queries: (variables: Record<string, string>) => string[];
}

/** The panels of a board that have queries, as Grafana asks over the last hour. */
export function askedPanels(board: BoardJson): AskedPanel[] {
  return panelsOf(board).flatMap((panel) => {
    const { title, type, targets = [] } = panel;
    if (targets.length === 0) return [];
    const window = rateInterval(panel);
    const choices = { rateInterval: `${window}s`, range: "1h" };
    return [
      {
        title,
        type,
        legends: targets.map(({ legendFormat = "" }) => legendFormat),
        window: type === "stat" || type === "table" ? PRESENT : window,
        queries: (variables) =>
          targets.map(({ expr }) => asGrafanaSends(expr, { ...choices, variables })),
      },
    ];
  });
}

/** As Grafana's Prometheus data source computes it: four scrapes, or a point and a scrape. */
function rateInterval({ interval }: PanelJson): number {
  const step = interval === undefined ? SCRAPE : Number(interval.slice(0, -1)) * 60;
  return Math.max(4 * SCRAPE, step + SCRAPE);
}

/** The window of numbers of the present: the boards' `PRESENT`. */
const PRESENT = 300;
