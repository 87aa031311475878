import { evaluateAnnotations } from "./annotations.ts";
import type { DashboardAnswer, Span } from "./answers.ts";
import { asset, type HttpReply, pageFor } from "./assets.ts";
import type { DashboardModel, Panel } from "./dashboardModel.ts";
import { answerPanel } from "./panels.ts";
import { type DataSource, reason } from "./prometheus.ts";
import { parseTime } from "./time.ts";
import { evaluateForPanel, evaluateVariables } from "./variables.ts";

/** The dashboards, and the data sources of their queries. */
export interface PreviewData {
  dashboards: DashboardModel[];
  dataSources: DataSource[];
  /** HTML shown above every dashboard, for example to say what the page is. */
  banner: string;
}

/**
 * Answers a GET request, or returns undefined if the path is none of these:
 *
 * - `/d/<uid>[/<title>]`: the page that draws a dashboard;
 * - `/preview/dashboards/<uid>`: the data that this page draws, see `answers.ts`; takes `from`, `to`
 *   and `var-<name>` as Grafana's own URLs do;
 * - `/preview/dashboards/<uid>/panels/<id>`: the results of a panel's queries; also takes `width`,
 *   in pixels;
 * - `/preview/browser/…`, `/preview/data/…`, `/preview/lib/…`: the page's program.
 */
export async function answer(
  path: string,
  query: URLSearchParams,
  shown: PreviewData,
): Promise<HttpReply | undefined> {
  if (/^\/d\/[^/]+(\/[^/]*)?$/.test(path)) return pageFor(shown.banner);
  const file = asset(path);
  if (file) return file;
  const [, uid, id] = /^\/preview\/dashboards\/([^/]+)(?:\/panels\/(\d+))?$/.exec(path) ?? [];
  if (uid === undefined) return undefined;
  const dashboard = shown.dashboards.find((candidate) => candidate.uid === decodeURIComponent(uid));
  if (!dashboard) return json(404, { error: `There is no dashboard "${uid}".` });
  try {
    const found =
      id === undefined
        ? await answerDashboard(dashboard, query, shown)
        : await answerPanelOf(dashboard, Number(id), query, shown);
    return json(200, found);
  } catch (error) {
    return json(502, { error: reason(error) });
  }
}

function json(status: number, body: unknown): HttpReply {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

async function answerDashboard(
  dashboard: DashboardModel,
  query: URLSearchParams,
  { dashboards, dataSources }: PreviewData,
): Promise<DashboardAnswer> {
  const time = timeOf(dashboard, query);
  const circumstances = { dataSources, ...time, chosen: chosenIn(query) };
  const evaluated = await evaluateVariables(dashboard.templating?.list ?? [], circumstances);
  return {
    dashboard,
    time,
    variables: evaluated.variables,
    annotations: await evaluateAnnotations(dashboard.annotations?.list ?? [], evaluated, time),
    dashboards: dashboards.map(({ uid, title, tags = [] }) => ({ uid, title, tags })),
    dataSources: dataSources.map(({ uid, name }) => ({ uid, name })),
  };
}

async function answerPanelOf(
  dashboard: DashboardModel,
  id: number,
  query: URLSearchParams,
  { dataSources }: PreviewData,
) {
  const panel = flatten(dashboard.panels ?? []).find((candidate) => candidate.id === id);
  if (!panel) throw new Error(`The dashboard has no panel ${id}.`);
  const time = timeOf(dashboard, query);
  const { dataSource, values } = await evaluateForPanel(dashboard.templating?.list ?? [], {
    ...{ dataSources, ...time, chosen: chosenIn(query) },
  });
  return answerPanel(panel, {
    ...{ dataSource: dataSource(panel), time, variables: values },
    width: Number(query.get("width") ?? 600),
  });
}

/**
 * The time range in the address, else the dashboard's own; one hour if neither has one.
 */
function timeOf(dashboard: DashboardModel, query: URLSearchParams): Span {
  const now = Date.now() / 1000;
  const from = parseTime(query.get("from") ?? dashboard.time?.from, now - 3600, now);
  const to = parseTime(query.get("to") ?? dashboard.time?.to, now, now);
  // Prometheus rejects a range that ends before it begins.
  return { from: Math.min(from, to - 1), to };
}

function chosenIn(query: URLSearchParams) {
  return (name: string) => query.getAll(`var-${name}`);
}

function flatten(panels: Panel[]): Panel[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}
