import { escapeHtml } from "../../page/data/html.ts";
import type { DashboardModel } from "../../page/dashboardModel.ts";
import { answer } from "../../page/routes.ts";
import { dashboardPath, findDashboard } from "./dashboards.ts";
import { type ApiAnswer, ApiError, type ApiRequest, type ApiRoute, route } from "./http.ts";
import type { Store } from "./store.ts";

/** The pages for people: a list of the dashboards, and each dashboard as `preview/` draws it. */
export function pageRoutes(store: Store): ApiRoute[] {
  const home = () => homePage(store);
  const drawn = (path: (params: ApiRequest["params"]) => string) => (request: ApiRequest) =>
    drawnPage(path(request.params), request, store);
  return [
    route("GET", "/", home),
    route("GET", "/dashboards", home),
    ...["/d/:uid", "/d/:uid/:slug"].map((path) =>
      route("GET", path, (request) => {
        const { uid } = findDashboard(store, request.params.uid);
        return drawnPage(`/d/${encodeURIComponent(uid)}`, request, store);
      }),
    ),
    route(
      "GET",
      "/preview/*",
      drawn(({ rest = "" }) => `/preview/${rest}`),
    ),
  ];
}

async function drawnPage(path: string, { query }: ApiRequest, { data }: Store): Promise<ApiAnswer> {
  const found = await answer(path, query, {
    dashboards: data.dashboards
      .map(({ model, uid, title }): DashboardModel => ({ ...model, uid, title }))
      .sort((a, b) => a.title.localeCompare(b.title)),
    dataSources: data.dataSources,
    banner: BANNER,
  });
  if (!found) throw new ApiError(404, "Not found");
  return found;
}

const BANNER = `<p class="banner"><b>This is a stand-in for Grafana</b>, used where no Grafana image
can be downloaded. The dashboards, their queries and the values from Prometheus are real; it draws them much as
Grafana does. <a href="/">All dashboards</a></p>`;

function homePage({ data }: Store): ApiAnswer {
  const groups = [...data.folders, { uid: undefined, title: "General" }].map((folder) => {
    const dashboards = data.dashboards.filter(({ folderUid }) => folderUid === folder.uid);
    const items = dashboards.map(
      (dashboard) =>
        `<li><a href="${dashboardPath(dashboard)}">${escapeHtml(dashboard.title)}</a></li>`,
    );
    return items.length > 0 ? `<h2>${escapeHtml(folder.title)}</h2><ul>${items.join("")}</ul>` : "";
  });
  const sources = data.dataSources.map(
    ({ name, type, url }) =>
      `<li>${escapeHtml(name)} (${escapeHtml(type)}): ${escapeHtml(url)}</li>`,
  );
  const list = sources.length > 0 ? `<h2>Data sources</h2><ul>${sources.join("")}</ul>` : "";
  return {
    contentType: "text/html; charset=utf-8",
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Dashboards</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/preview/browser/style.css">
<link rel="stylesheet" href="/preview/browser/panels.css"></head>
<body>${BANNER}<main class="text">${groups.join("") || "<p>There is no dashboard yet.</p>"}${list}</main>
</body></html>`,
  };
}
