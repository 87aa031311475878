import { allExporterMetrics, allMetrics, seriesNames } from "../vllm/index.ts";
import { LEFT_OUT } from "./leftOut.ts";
import { ADVICE } from "./panels/index.ts";

/**
 * Markdown that says of every panel of the boards what it means, what it asks and what to do when it
 * looks wrong, and which metrics are left out. `pictures` are paths by the board's uid.
 */
export function document(
  boards: Record<string, string>,
  pictures: Record<string, string> = {},
): string {
  const sections = Object.values(boards).map((json) => {
    const board = JSON.parse(json) as BoardJson;
    return boardSection(board, pictures[board.uid]);
  });
  return [
    "# Dashboards",
    "",
    'Written by `node tools/generate.ts` from the boards themselves, as a stack with default settings and GPU exporters has them. Left out of the queries are the matchers that nearly all have: the job, model, instance and engine that the reader chose, and `engine!=""`, which keeps routers out. Queries of the present look back five minutes; `$__rate_interval` is Grafana\'s.',
    "",
    ...sections.flat(),
    "## Metrics on no board",
    "",
    "| metric | why |",
    "| --- | --- |",
    ...LEFT_OUT.map(({ metric, reason }) => `| \`${metric.name}\` | ${reason} |`),
    "",
  ].join("\n");
}

interface BoardJson {
  uid: string;
  title: string;
  description: string;
  panels: PanelJson[];
}

interface PanelJson {
  type: string;
  title: string;
  description?: string;
  targets?: { expr: string; legendFormat?: string }[];
  panels?: PanelJson[];
}

function boardSection(
  { uid, title, description, panels }: BoardJson,
  picture: string | undefined,
): string[] {
  const lines = [`## ${title}`, "", `${description} Its uid is \`${uid}\`.`, ""];
  if (picture !== undefined) lines.push(`![The board "${title}"](${picture})`, "");
  let open = false;
  for (const panel of panels) {
    if (panel.type === "row") {
      lines.push(...(open ? [""] : []), `### ${panel.title.replace(/: \$\w+$/, "")}`, "");
      open = false;
    }
    for (const one of panel.type === "row" ? (panel.panels ?? []) : [panel]) {
      if (!open) lines.push(...HEAD);
      open = true;
      lines.push(row(one));
    }
  }
  return [...lines, ""];
}

const HEAD = [
  "| panel | meaning | query | metrics | when it looks wrong |",
  "| --- | --- | --- | --- | --- |",
];

function row({ title, description = "", targets = [] }: PanelJson): string {
  const [meaning = "", advice = ""] = description.split(ADVICE);
  const queries = targets.map(({ expr }) => `\`${withoutChoice(expr)}\``).join("<br>");
  const names = metricsIn(targets.map(({ expr }) => expr).join("\n"));
  const cells = [title, meaning, queries, names.map((name) => `\`${name}\``).join(", "), advice];
  return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\n/g, " ")).join(" | ")} |`;
}

/** A query without the matchers that nearly all have: what the reader chose, and engines only. */
function withoutChoice(query: string): string {
  return query
    .replace(/\b(?:job|instance|model_name|engine)(?:=~"\$\w+"|!=""),?/g, "")
    .replace(/,\}/g, "}")
    .replace(/\{\}/g, "");
}

/** The catalogue's names of the metrics that queries ask for, and those of recorded series. */
function metricsIn(queries: string): string[] {
  const words = new Set(queries.match(/[a-zA-Z_][\w:]*/g));
  const exposed = [...allMetrics, ...allExporterMetrics].filter((metric) =>
    [metric.name, ...Object.values(seriesNames(metric))].some((name) => words.has(name)),
  );
  const recorded = [...words].filter((word) => /^\w+:\w+:\w+$/.test(word));
  return [...exposed.map(({ name }) => name), ...recorded];
}
