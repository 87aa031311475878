/** The runbooks as a dashboard, so that they can be read without internet access. */
import { createHash } from "node:crypto";
import { dashboardJson } from "../dashboardJson.ts";
import { UIDS } from "../uids.ts";

/** Path and query in Grafana that show only the runbook of one alert. */
export function runbookPath(alert: string): string {
  return `/d/${UIDS.runbooks}?viewPanel=${panelId(alert)}`;
}

/** The JSON of a dashboard with a panel per runbook: Markdown by the alert's name. */
export function runbookDashboard(runbooks: Record<string, string>): string {
  return dashboardJson({
    uid: UIDS.runbooks,
    title: "Runbooks",
    description: "What each alert means, and what to do.",
    tags: ["vllm"],
    schemaVersion: 39,
    refresh: "",
    time: { from: "now-1h", to: "now" },
    timezone: "browser",
    panels: Object.entries(runbooks).map(([alert, content], index) => ({
      id: panelId(alert),
      type: "text",
      title: alert,
      description: `What ${alert} means, and what to do.`,
      gridPos: {
        x: (index % COLUMNS) * WIDTH,
        y: Math.floor(index / COLUMNS) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
      options: { mode: "markdown", content: content.replace(/^# .*\n+/, "") },
    })),
  });
}

const COLUMNS = 2;
const WIDTH = 12;
const HEIGHT = 16;

/** The id of an alert's panel, derived from its name, so that links in old messages stay valid. */
export function panelId(alert: string): number {
  return createHash("sha256").update(alert).digest().readUInt16BE() + 1;
}
