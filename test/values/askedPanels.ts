/** A panel's queries, as Grafana sends them. */
import type { DashboardJson } from "../dashboards/parsedDashboards.ts";
import { panelsOf } from "../dashboards/parsedDashboards.ts";
import { LOOK_BACK } from "../../dashboards/queries.ts";
import { asGrafanaSends } from "../prometheus/grafanaQuery.ts";
import { recordingTimes } from "../../vllm/index.ts";
import { SCRAPE } from "./fleet.ts";
import type { Window } from "./fleetPart.ts";

export interface AskedPanel {
  title: string;
  type: string;
  /** The legend of each query: `{{label}}` stands for a label's value. */
  legends: string[];
  /** The window of each query's rates: for a current value, or for one point of a line. */
  windows: Window[];
  /** Each query, with the reader's choice of variables filled in. */
  queries: (variables: Record<string, string>) => string[];
}

/** The panels of a dashboard that have queries, as Grafana queries them over the last hour. */
export function askedPanels(dashboard: DashboardJson): AskedPanel[] {
  return panelsOf(dashboard).flatMap((panel) => {
    const { title, type, targets = [] } = panel;
    if (targets.length === 0) return [];
    const step = seconds(panel.interval) ?? SCRAPE;
    // Grafana's Prometheus data source computes it the same way: four scrapes, or one step and one scrape.
    const rateInterval = Math.max(4 * SCRAPE, step + SCRAPE);
    const windowOf = (expr: string): Window => {
      const isFive = type === "stat" || type === "table" || expr.includes(":rate5m");
      const recordedEvery = expr.includes("job_model:") ? RECORDED : undefined;
      const line = recordedEvery === undefined ? rateInterval : step;
      const looksBack = expr.includes(LOOK_BACK) ? PRESENT + step : line;
      return {
        seconds: isFive ? PRESENT : looksBack,
        ...(recordedEvery !== undefined && { recordedEvery }),
      };
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

/** Seconds from one recording of a fleet's series to the next. */
export const RECORDED = recordingTimes(SCRAPE).interval;

function seconds(interval: string | undefined): number | undefined {
  if (interval === undefined) return undefined;
  return Number(interval.replace(/ms$/, "")) / 1000;
}

/** The window for current values: the dashboards' `PRESENT`. */
const PRESENT = 300;
