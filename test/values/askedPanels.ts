/** A panel's queries as Grafana sends them. */
import type { DashboardJson } from "../dashboards/parsedDashboards.ts";
import { panelsOf } from "../dashboards/parsedDashboards.ts";
import { LOOK_BACK } from "../../dashboards/queries.ts";
import { asGrafanaSends } from "../prometheus/grafanaQuery.ts";
import { SCRAPE } from "./fleet.ts";

export interface AskedPanel {
  title: string;
  type: string;
  /** What each query's series are called: `{{label}}` stands for a label's value. */
  legends: string[];
  /**
   * Seconds over which each query's rates are: of a number of the present, or of a point of a line.
   */
  windows: number[];
  /** Each query, with the reader's choice of variables filled in. */
  queries: (variables: Record<string, string>) => string[];
}

/** The panels of a dashboard that have queries, as Grafana asks over the last hour. */
export function askedPanels(dashboard: DashboardJson): AskedPanel[] {
  return panelsOf(dashboard).flatMap((panel) => {
    const { title, type, targets = [] } = panel;
    if (targets.length === 0) return [];
    const step = seconds(panel.interval) ?? SCRAPE;
    // As Grafana's Prometheus data source computes it: four scrapes, or a point and a scrape.
    const rateInterval = Math.max(4 * SCRAPE, step + SCRAPE);
    const windowOf = (expr: string) => {
      if (type === "stat" || type === "table") return PRESENT;
      return expr.includes(LOOK_BACK) ? PRESENT + step : rateInterval;
    };
    return [
      {
        title,
        type,
        legends: targets.map(({ legendFormat = "" }) => legendFormat),
        windows: targets.map(({ expr }) => windowOf(expr)),
        queries: (variables) =>
          targets.map(({ expr }) =>
            asGrafanaSends(expr, {
              ...{ step, rateInterval: `${rateInterval}s`, range: "1h", variables },
            }),
          ),
      },
    ];
  });
}

function seconds(interval: string | undefined): number | undefined {
  if (interval === undefined) return undefined;
  return Number(interval.slice(0, -1)) * (interval.endsWith("m") ? 60 : 1);
}

/** The window of numbers of the present: the dashboards' `PRESENT`. */
const PRESENT = 300;
