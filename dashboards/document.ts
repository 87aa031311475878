import { percent } from "../common/percent.ts";
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
    'Written by `node docs/generate.ts` from the boards themselves, as a stack with default settings and GPU exporters has them. Left out of the queries are the matchers that nearly all have: the job, model, instance and engine that the reader chose, and `engine!=""`, which keeps routers out. Queries of the present look back five minutes; `$__rate_interval` is Grafana\'s.',
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
  fieldConfig?: {
    defaults: FieldJson;
    overrides: { properties: { id: string; value: unknown }[] }[];
  };
  options?: { yAxis?: { unit?: string } };
  panels?: PanelJson[];
}

interface FieldJson {
  unit?: string;
  thresholds?: ThresholdsJson;
}

interface ThresholdsJson {
  steps: { value: number | null; color: string }[];
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
  "| panel | meaning | unit | query | metrics | when it looks wrong |",
  "| --- | --- | --- | --- | --- | --- |",
];

function row(panel: PanelJson): string {
  const { title, description = "", targets = [] } = panel;
  const [meaning = "", advice = ""] = description.split(ADVICE);
  const queries = folded(targets.map(({ expr }) => withoutChoice(expr)));
  const names = metricsIn(targets.map(({ expr }) => expr).join("\n"));
  const metrics = names.map((name) => `\`${name}\``).join(", ");
  const cells = [title, meaning, unitOf(panel), queries, metrics, advice];
  return `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\n/g, " ")).join(" | ")} |`;
}

/** Queries as a cell: what is longer than a few lines is folded. */
function folded(queries: string[]): string {
  const texts = queries.map((query) => `\`${query}\``).join("<br>");
  if (texts.length <= LONGEST) return texts;
  const count = queries.length === 1 ? "a long query" : `${queries.length} queries`;
  return `<details><summary>${count}</summary>${texts}</details>`;
}

const LONGEST = 200;

/** The units of a panel's values, and from where on they are coloured. */
function unitOf({ type, fieldConfig, options }: PanelJson): string {
  const properties = fieldConfig?.overrides.flatMap((one) => one.properties) ?? [];
  const units =
    type === "table"
      ? properties.flatMap(({ id, value }) => (id === "unit" ? [String(value)] : []))
      : [options?.yAxis?.unit ?? fieldConfig?.defaults.unit ?? ""];
  const shown = [...new Set(units.map(unitName))].filter((unit) => unit !== "");
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  const levels = steps.flatMap(({ value, color }) =>
    value === null || !LEVEL_COLOURS.includes(color)
      ? []
      : [`${color} from ${levelOf(value, units)}`],
  );
  return [shown.join(", "), ...levels].filter((text) => text !== "").join("<br>");
}

/** The colours that say how bad a value is; grey lines are ends of buckets. */
const LEVEL_COLOURS = ["green", "orange", "red"];

function levelOf(value: number, [unit]: string[]): string {
  return unit === "percentunit" ? percent(value) : String(Number(value.toPrecision(6)));
}

/** Grafana's unit ids in words; what is a plain number or text has none. */
function unitName(id: string): string {
  const [, own] = /^(?:suffix|prefix): ?(.+)$/.exec(id) ?? [];
  return own ?? UNIT_NAMES[id] ?? id;
}

const UNIT_NAMES: Record<string, string> = {
  none: "",
  short: "",
  string: "",
  percentunit: "%",
  percent: "%",
  dtdurations: "duration",
  reqps: "requests/s",
  ops: "1/s",
  bytes: "B",
  Bps: "B/s",
  celsius: "°C",
  watt: "W",
  flops: "FLOP/s",
};

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
