import type { DynamicConfigValue, Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery as PrometheusQuery } from "@grafana/grafana-foundation-sdk/prometheus";
import { percent } from "../common/percent.ts";
import { allExporterMetrics, allMetrics, seriesNames } from "../vllm/index.ts";
import type { Dashboard } from "./dashboard.ts";
import { OMITTED_METRICS } from "./omittedMetrics.ts";
import type { SizedPanel } from "./panels/index.ts";

/**
 * Markdown that describes every panel of the dashboards: what it means, its queries, and what to do
 * when it looks wrong. It also lists the metrics that are left out. `pictures` holds paths by the
 * dashboard's uid.
 */
export function dashboardsDocument(
  dashboards: readonly Dashboard[],
  pictures: Record<string, string> = {},
): string {
  return [
    "# Dashboards",
    "",
    'Written by `node docs/generate.ts` from the dashboards of a stack with default settings, GPU exporters and a canary. The queries are shown without the label matchers that most of them share: the selected job, model, instance and engine, and `engine!=""`, which excludes routers. Queries for current values look back five minutes; `$__rate_interval` and `$__interval` are variables of Grafana.',
    "",
    "Overview, Capacity and workload, KV cache, SLO and Wall are about models and the whole fleet. Apart from rows that are closed at first, they draw `job_model:` series, which rules record for each job and model (`docs/alerts.md` lists them). So their cost does not grow with the number of servers, but they cannot be narrowed to an instance: Instances and vLLM can.",
    "",
    ...dashboards.flatMap((one) => dashboardSection(one, pictures[one.uid])),
    "## Metrics on no dashboard",
    "",
    "| metric | why |",
    "| --- | --- |",
    ...OMITTED_METRICS.map(({ metric, reason }) => `| \`${metric.name}\` | ${reason} |`),
    "",
  ].join("\n");
}

function dashboardSection(
  { uid, title, description, rows }: Dashboard,
  picture: string | undefined,
): string[] {
  return [
    ...[`## ${title}`, "", `${description} Its uid is \`${uid}\`.`, ""],
    ...(picture === undefined ? [] : [`![The dashboard "${title}"](${picture})`, ""]),
    ...rows.flatMap((row) => [
      ...(row.title === undefined ? [] : [`### ${row.title}`, ""]),
      ...row.panels.flatMap(panelSection),
    ]),
  ];
}

function panelSection({ title, question, advice, builder }: SizedPanel): string[] {
  const panel = builder.build();
  const queries = ((panel.targets ?? []) as PrometheusQuery[]).map(({ expr }) => expr);
  const names = metricsIn(queries.join("\n"));
  const facts = [
    ["Unit", unitsOf(panel).map(unitName).filter(unique).join(", ")],
    ["Colours", levelsOf(panel).join(", ")],
    ["Metrics", names.map((name) => `\`${name}\``).join(", ")],
    ["When it looks wrong", advice],
  ].flatMap(([name, text]) => (text === "" ? [] : [`- ${name}: ${text}`]));
  return [
    ...[`#### ${title}`, "", question, "", ...facts, ""],
    ...folded(queries.map((query) => withoutChoice(query))),
  ];
}

/** Queries as a block of code that GitHub shows on a click. */
function folded(queries: string[]): string[] {
  if (queries.length === 0) return [];
  const title = queries.length === 1 ? "Query" : `${queries.length} queries`;
  const code = queries.map((query) => wrapped(query)).join("\n\n");
  return [
    `<details><summary>${title}</summary>`,
    "",
    "```promql",
    code,
    "```",
    "",
    "</details>",
    "",
  ];
}

/** A query in lines of about `WIDTH` characters, broken at blanks outside of strings. */
function wrapped(query: string): string {
  const lines = [""];
  for (const word of query.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + word.length < WIDTH) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines.join("\n");
}

const WIDTH = 100;

/** The ids of the units of a panel's values. */
function unitsOf({ type, fieldConfig, options }: Panel): string[] {
  const properties: DynamicConfigValue[] =
    fieldConfig?.overrides.flatMap((one) => one.properties) ?? [];
  const { yAxis } = (options ?? {}) as { yAxis?: { unit?: string } };
  return type === "table"
    ? properties.flatMap(({ id, value }) => (id === "unit" ? [String(value)] : []))
    : [yAxis?.unit ?? fieldConfig?.defaults.unit ?? ""];
}

/** The values from which a panel changes colour. */
function levelsOf(panel: Panel): string[] {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps ?? [];
  return steps.flatMap(({ value, color }) =>
    value === null || !LEVEL_COLOURS.includes(color)
      ? []
      : [`${color} from ${levelOf(value, unitsOf(panel))}`],
  );
}

/** Whether a text that is not empty occurs here for the first time. */
function unique(text: string, index: number, all: string[]): boolean {
  return text !== "" && all.indexOf(text) === index;
}

/** The colours that show how bad a value is. Grey lines mark the ends of buckets. */
const LEVEL_COLOURS = ["green", "orange", "red"];

function levelOf(value: number, [unit]: string[]): string {
  return unit === "percentunit" ? percent(value) : String(Number(value.toPrecision(6)));
}

/** Grafana's unit ids in words. A plain number or text has no unit. */
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

/**
 * A query without the matchers that nearly all queries have: the reader's choice, and "engines
 * only".
 */
function withoutChoice(query: string): string {
  return query
    .replace(/\b(?:job|instance|model_name|engine)(?:=~"\$\w+"|!=""),?/g, "")
    .replace(/,\}/g, "}")
    .replace(/\{\}/g, "");
}

/** The names of the metrics in queries, as in the catalogue, and the names of recorded series. */
function metricsIn(queries: string): string[] {
  const words = new Set(queries.match(/[a-zA-Z_][\w:]*/g));
  const exposed = [...allMetrics, ...allExporterMetrics].filter((metric) =>
    [metric.name, ...Object.values(seriesNames(metric))].some((name) => words.has(name)),
  );
  const recorded = [...words].filter((word) => /^\w+:\w+:\w+$/.test(word));
  return [...exposed.map(({ name }) => name), ...recorded];
}
