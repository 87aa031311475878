/** The requests that Grafana sends to Prometheus when someone opens a dashboard. */
import { annotationQuery } from "../page/annotations.ts";
import type { Span } from "../page/answers.ts";
import { sectionsOf } from "../page/data/layout.ts";
import type { DashboardModel, Panel } from "../page/dashboardModel.ts";
import { targetQuery } from "../page/panels.ts";
import type { DataSource, Range } from "../page/prometheus.ts";
import { evaluateForPanel, evaluateVariables, variableQuery } from "../page/variables.ts";

/** One request to Prometheus's HTTP API. */
export interface Request {
  path: string;
  parameters: Record<string, string>;
}

/** The requests of one panel, which Grafana sends together. */
export interface PanelRequests {
  title: string;
  requests: Request[];
}

export interface Requests {
  /** One after the other, since a variable may depend on those before it. */
  variables: Request[];
  /** Requests of the annotations, and of the panels in rows that are initially open. */
  open: PanelRequests[];
  /** Requests of the panels in rows that are initially collapsed. */
  closed: PanelRequests[];
}

/** Width in pixels of one of the 24 columns, on a screen of 1,920 pixels. */
const COLUMN = 77;

/** Every variable has all its values selected, as when a dashboard is opened. */
export async function requestsOf(
  dashboard: DashboardModel,
  dataSource: DataSource,
  time: Span,
): Promise<Requests> {
  const list = dashboard.templating?.list ?? [];
  const circumstances = { dataSources: [dataSource], ...time };
  const evaluated = await evaluateVariables(list, { ...circumstances, chosen: () => [] });
  const sections = sectionsOf(dashboard, evaluated.variables);
  const chosen = Object.fromEntries(evaluated.variables.map(({ name, chosen }) => [name, chosen]));
  const annotations = (dashboard.annotations?.list ?? [])
    .filter(({ enable, expr }) => enable !== false && expr)
    .map((annotation) => ({
      title: `annotation ${annotation.name}`,
      requests: [
        request(annotationQuery(annotation, dataSource, { values: evaluated.values, time }), time),
      ],
    }));
  const panelsIn = async (open: boolean) => {
    const wanted = sections.filter((section) => section.open === open);
    const found = await Promise.all(
      wanted.map(async ({ panels, scoped }) => {
        const { values } = await evaluateForPanel(list, {
          ...circumstances,
          chosen: (name) => scoped[name] ?? chosen[name] ?? [],
        });
        return panels.map((panel) => panelRequests(panel, dataSource, { values, time }));
      }),
    );
    return found.flat().filter(({ requests }) => requests.length > 0);
  };
  return {
    variables: list
      .filter(({ type }) => type === "query")
      .map(({ query = "" }) => {
        const text = typeof query === "object" ? query.query : query;
        return variableRequest(text, dataSource, { values: evaluated.values, time });
      }),
    open: [...annotations, ...(await panelsIn(true))],
    closed: await panelsIn(false),
  };
}

interface Context {
  values: Record<string, string>;
  time: Span;
}

function panelRequests(panel: Panel, dataSource: DataSource, context: Context): PanelRequests {
  const { values, time } = context;
  const args = { dataSource, time, width: panel.gridPos.w * COLUMN, variables: values };
  return {
    title: panel.title ?? "",
    requests: (panel.targets ?? [])
      .filter(({ hide, expr }) => hide !== true && expr)
      .map((target) => request(targetQuery(target, panel, args), time)),
  };
}

function variableRequest(query: string, dataSource: DataSource, context: Context): Request {
  const { time } = context;
  const asked = variableQuery(query, dataSource, context);
  if ("expr" in asked) return request({ expr: asked.expr, range: undefined }, time);
  return {
    path: `label/${asked.label}/values`,
    parameters: {
      ...{ start: String(time.from), end: String(time.to) },
      ...(asked.match && { "match[]": asked.match }),
    },
  };
}

/** Asks for counts of the samples read too. Without a range, queries the end of the time span. */
function request(asked: { expr: string; range: Range | undefined }, { to }: Span): Request {
  const { expr: query, range } = asked;
  const common = { query, stats: "true" };
  if (range === undefined) return { path: "query", parameters: { ...common, time: String(to) } };
  const { start, end, step } = range;
  return {
    path: "query_range",
    parameters: { ...common, start: String(start), end: String(end), step: String(step) },
  };
}
