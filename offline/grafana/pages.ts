import { type Choice, type EvaluatedPanel, evaluateBoard } from "./boards.ts";
import { COLOURS, heatMap, lineChart } from "./charts.ts";
import { dashboardUrl, findDashboard } from "./dashboards.ts";
import { escape } from "./html.ts";
import { type Answer, type ApiRequest, type Route, route, text } from "./http.ts";
import { parseDuration, type Range } from "./prometheus.ts";
import type { Store } from "./store.ts";
import { formatValue } from "./units.ts";

/** The pages for people: a list of the boards, and each board with its queries' values. */
export function pageRoutes(store: Store): Route[] {
  const board = (request: ApiRequest) => boardPage(store, request);
  const home = () => homePage(store);
  return [
    route("GET", "/", home),
    route("GET", "/dashboards", home),
    route("GET", "/d/:uid", board),
    route("GET", "/d/:uid/:slug", board),
  ];
}

function homePage({ data }: Store): Answer {
  const groups = [...data.folders, { uid: undefined, title: "General" }].map((folder) => {
    const boards = data.dashboards.filter(({ folderUid }) => folderUid === folder.uid);
    const items = boards.map(
      (board) => `<li><a href="${dashboardUrl(board)}">${escape(board.title)}</a></li>`,
    );
    return items.length > 0 ? `<h2>${escape(folder.title)}</h2><ul>${items.join("")}</ul>` : "";
  });
  const sources = data.dataSources.map(
    ({ name, type, url }) => `<li>${escape(name)} (${escape(type)}): ${escape(url)}</li>`,
  );
  const list = sources.length > 0 ? `<h2>Data sources</h2><ul>${sources.join("")}</ul>` : "";
  return page("Dashboards", (groups.join("") || "<p>There is no dashboard yet.</p>") + list);
}

async function boardPage(store: Store, { params, query }: ApiRequest): Promise<Answer> {
  const dashboard = findDashboard(store, params.uid);
  const { choices, panels, range } = await evaluateBoard(dashboard, store, query);
  const until = new Date(range.end * 1000).toISOString().slice(0, 19).replace("T", " ");
  const minutes = Math.round((range.end - range.start) / 60);
  return page(
    dashboard.title,
    `<p>${escape(text(dashboard.model.description))}</p>
    <form>${choices.map(select).join("")}
    <label>Last <select name="from">${SPANS.map((span) => option(`now-${span}m`, `${span} minutes`, span === minutes)).join("")}</select></label>
    <button>Show</button><span>until ${until} UTC</span></form>
    <div class="grid">${panels.map((panel) => showPanel(panel, range)).join("")}</div>`,
    parseDuration(dashboard.model.refresh),
  );
}

function select({ name, label, options, chosen }: Choice): string {
  const items = ["", ...options].map((value) => {
    const isChosen = chosen.includes(value) || (value === "" && chosen.length === 0);
    return option(value, value || "All", isChosen);
  });
  return `<label>${escape(label)} <select name="var-${escape(name)}">${items.join("")}</select></label>`;
}

function option(value: string, label: string, isChosen: boolean): string {
  return `<option value="${escape(value)}"${isChosen ? " selected" : ""}>${escape(label)}</option>`;
}

/** Spans of time that people can choose, in minutes. */
const SPANS = [5, 15, 60, 360];

function showPanel(panel: EvaluatedPanel, range: Range): string {
  const { title, description, type, unit, width, queries } = panel;
  if (type === "row") return `<h2 style="grid-column: 1 / -1">${escape(title)}</h2>`;
  const series = queries.flatMap((query) => query.series);
  const errors = queries.flatMap(({ error }) => error ?? []);
  const chart = type === "heatmap" ? heatMap(series, range) : lineChart(series, range, unit);
  const none = errors.length === 0 ? `<p class="quiet">No data</p>` : "";
  return `<section style="grid-column: span ${width}">
    <h3>${escape(title)}</h3><p class="quiet">${escape(description)}</p>
    ${series.length > 0 ? chart : none}
    ${type === "heatmap" ? "" : legend(series, unit)}
    ${errors.map((error) => `<p class="error">${escape(error)}</p>`).join("")}
    <details><summary>Queries</summary>${queries
      .map(({ expr }) => `<pre>${escape(expr)}</pre>`)
      .join("")}</details>
  </section>`;
}

function legend(series: EvaluatedPanel["queries"][number]["series"], unit: string): string {
  const rows = series.map(({ name, values }, index) => {
    const value = formatValue(values.at(-1)?.[1] ?? NaN, unit);
    const colour = COLOURS[index % COLOURS.length] ?? "";
    return `<tr><td><i style="background: ${colour}"></i>${escape(name)}</td><td>${value}</td></tr>`;
  });
  return `<table>${rows.join("")}</table>`;
}

function page(title: string, content: string, refreshSeconds?: number): Answer {
  const refresh = refreshSeconds ? `<meta http-equiv="refresh" content="${refreshSeconds}">` : "";
  return {
    contentType: "text/html; charset=utf-8",
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${refresh}
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><header><b>This is a stand-in for Grafana.</b> It is used where no Grafana image
can be had. The dashboards, their queries and the values from Prometheus are real; how they are
drawn is not Grafana's. <a href="/">All dashboards</a></header>
<main><h1>${escape(title)}</h1>${content}</main></body></html>`,
  };
}

const STYLE = `
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1f2933; background: #f4f5f7 }
header { padding: 10px 24px; background: #fff4d6; border-bottom: 1px solid #e8d9a8 }
main { max-width: 1400px; margin: 0 auto; padding: 16px 24px }
h1 { font-size: 24px; margin: 8px 0 } h2 { font-size: 18px; margin: 16px 0 4px }
h3 { font-size: 16px; margin: 0 } p { margin: 4px 0 }
form { display: flex; flex-wrap: wrap; gap: 16px; align-items: center; margin: 12px 0 }
form span, .quiet { color: #5f6c7b; font-size: 13px }
.grid { display: grid; grid-template-columns: repeat(24, 1fr); gap: 12px }
section { background: #fff; border: 1px solid #dfe3e8; border-radius: 6px; padding: 12px 16px; min-width: 0 }
svg { width: 100%; margin: 6px 0 } svg path { fill: none; stroke-width: 1.6 }
svg .axis { stroke: #dfe3e8; stroke-width: 1 } svg rect { fill: #2b6cb0 }
svg text { font-size: 11px; fill: #5f6c7b }
table { width: 100%; border-collapse: collapse } td { padding: 1px 0 }
td:last-child { text-align: right; font-variant-numeric: tabular-nums }
td i { display: inline-block; width: 12px; height: 3px; margin-right: 8px; vertical-align: middle }
.error { color: #a61b1b } details { margin-top: 6px; font-size: 13px; color: #5f6c7b }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0; font-size: 12px }
@media (max-width: 800px) { section { grid-column: 1 / -1 !important } }
`;
