/** Columns of tables of alerts. */
import { math } from "../vllm/index.ts";
import { panelId } from "./definitions/runbooks.ts";
import { words, type LabelColumn } from "./panels/index.ts";
import { UIDS } from "./uids.ts";

/** The alert's name. A click opens the alert's runbook, through `runbookColumn`. */
export const ALERT_COLUMN: LabelColumn = {
  label: "alertname",
  title: "Alert",
  width: 215,
  drillDown: { uid: UIDS.runbooks, title: "Runbook", withoutJob: true, panelIn: "Runbook" },
};

/** What the alert means. `alerts` has the meaning of each alert by its name. */
export function meaningColumn(alerts: Record<string, string>): LabelColumn {
  const meanings = Object.entries(alerts).map(([alert, text]) => ({ value: alert, text }));
  return { label: "meaning", title: "Meaning", mappings: words(meanings) };
}

/** The id of the runbook's panel: hidden, since only the link needs it. */
export function runbookColumn(alerts: Record<string, string>): LabelColumn {
  const ids = Object.keys(alerts).map((alert) => ({ value: alert, text: `${panelId(alert)}` }));
  return { label: "runbook", title: "Runbook", hidden: true, mappings: words(ids) };
}

/**
 * Copies the alert's name into further labels of a query, for columns that show what the name
 * stands for.
 */
export function withNameAs(expr: string, columns: readonly LabelColumn[]): string {
  return columns.reduce(
    (expr, { label }) => math`label_replace(${expr}, "${label}", "$1", "alertname", "(.*)")`,
    expr,
  );
}
