import { evaluateAnnotations } from "./annotations.ts";
import type { BoardAnswer, Span } from "./answers.ts";
import { asset, type HttpReply, pageFor } from "./assets.ts";
import type { Board, Panel } from "./model.ts";
import { answerPanel } from "./panels.ts";
import { type DataSource, reason } from "./prometheus.ts";
import { parseTime } from "./time.ts";
import { evaluateForPanel, evaluateVariables } from "./variables.ts";

/** The dashboards, and the data sources of their queries. */
export interface PreviewData {
  boards: Board[];
  dataSources: DataSource[];
  /** HTML that stands above every board, such as what the page is. */
  banner: string;
}

/**
 * Answers a GET, or nothing where the path is none of these:
 *
 * - `/d/<uid>[/<title>]`: the page that draws a board;
 * - `/preview/boards/<uid>`: what it draws, see `answers.ts`; takes `from`, `to` and `var-<name>` as
 *   Grafana's own URLs do;
 * - `/preview/boards/<uid>/panels/<id>`: what a panel's queries give; takes `width` too, in pixels;
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
  const [, uid, id] = /^\/preview\/boards\/([^/]+)(?:\/panels\/(\d+))?$/.exec(path) ?? [];
  if (uid === undefined) return undefined;
  const board = shown.boards.find((candidate) => candidate.uid === decodeURIComponent(uid));
  if (!board) return json(404, { error: `There is no board "${uid}".` });
  try {
    const found =
      id === undefined
        ? await answerBoard(board, query, shown)
        : await answerPanelOf(board, Number(id), query, shown);
    return json(200, found);
  } catch (error) {
    return json(502, { error: reason(error) });
  }
}

function json(status: number, body: unknown): HttpReply {
  return { status, contentType: "application/json; charset=utf-8", body: JSON.stringify(body) };
}

async function answerBoard(
  board: Board,
  query: URLSearchParams,
  { boards, dataSources }: PreviewData,
): Promise<BoardAnswer> {
  const time = timeOf(board, query);
  const circumstances = { dataSources, ...time, chosen: chosenIn(query) };
  const evaluated = await evaluateVariables(board.templating?.list ?? [], circumstances);
  return {
    board,
    time,
    variables: evaluated.variables,
    annotations: await evaluateAnnotations(board.annotations?.list ?? [], evaluated, time),
    boards: boards.map(({ uid, title, tags = [] }) => ({ uid, title, tags })),
    dataSources: dataSources.map(({ uid, name }) => ({ uid, name })),
  };
}

async function answerPanelOf(
  board: Board,
  id: number,
  query: URLSearchParams,
  { dataSources }: PreviewData,
) {
  const panel = flatten(board.panels ?? []).find((candidate) => candidate.id === id);
  if (!panel) throw new Error(`The board has no panel ${id}.`);
  const time = timeOf(board, query);
  const { dataSource, values } = await evaluateForPanel(board.templating?.list ?? [], {
    ...{ dataSources, ...time, chosen: chosenIn(query) },
  });
  return answerPanel(panel, {
    ...{ dataSource: dataSource(panel), time, variables: values },
    width: Number(query.get("width") ?? 600),
  });
}

/** The span of time that the address names, else the board's own; an hour where neither does. */
function timeOf(board: Board, query: URLSearchParams): Span {
  const now = Date.now() / 1000;
  const from = parseTime(query.get("from") ?? board.time?.from, now - 3600, now);
  const to = parseTime(query.get("to") ?? board.time?.to, now, now);
  // Prometheus refuses a span that ends before it begins.
  return { from: Math.min(from, to - 1), to };
}

function chosenIn(query: URLSearchParams) {
  return (name: string) => query.getAll(`var-${name}`);
}

function flatten(panels: Panel[]): Panel[] {
  return panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}
