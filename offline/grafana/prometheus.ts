import type { DataSource } from "./store.ts";

/** One series of an answer. The values are pairs of a time in seconds and a number as text. */
export interface Series {
  metric: Record<string, string>;
  values: [time: number, value: string][];
}

/** The span of time that is asked for, in seconds since 1970, and the step in seconds. */
export interface Range {
  start: number;
  end: number;
  step: number;
}

/** Values at one moment. @throws Error with Prometheus's own words when it refuses the query. */
export async function queryInstant(
  dataSource: DataSource,
  expr: string,
  time: number,
): Promise<Series[]> {
  const data = await ask(dataSource, "query", { query: expr, time: String(time) });
  if (data.resultType === "scalar" || data.resultType === "string") {
    return [{ metric: {}, values: [data.result as Series["values"][number]] }];
  }
  return (data.result as { metric: Series["metric"]; value: Series["values"][number] }[]).map(
    ({ metric, value }) => ({ metric, values: [value] }),
  );
}

/** Values over a span of time. @throws Error with Prometheus's own words when it refuses the query. */
export async function queryRange(
  dataSource: DataSource,
  expr: string,
  { start, end, step }: Range,
): Promise<Series[]> {
  const times = { start: String(start), end: String(end), step: String(step) };
  const data = await ask(dataSource, "query_range", { query: expr, ...times });
  return data.result as Series[];
}

/** The values of a label, of the series that `match` selects or of all. */
export async function labelValues(
  dataSource: DataSource,
  label: string,
  match: string | undefined,
): Promise<string[]> {
  const query = match ? `?${new URLSearchParams({ "match[]": match }).toString()}` : "";
  const answer = await fetch(endpoint(dataSource, `api/v1/label/${label}/values${query}`));
  const { data } = (await answer.json()) as { data?: string[] };
  return data ?? [];
}

/** The URL of a path of the Prometheus that a data source stands for. */
export function endpoint(dataSource: DataSource, path: string): string {
  return `${dataSource.url.replace(/\/$/, "")}/${path}`;
}

/** How often the data source's series get new values, in seconds: 15 where it does not say. */
export function scrapeInterval({ jsonData }: DataSource): number {
  return parseDuration(jsonData.timeInterval) ?? 15;
}

/** A duration such as `30s` or `1h` in seconds. */
export function parseDuration(text: unknown): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|[smhdwy])$/.exec(String(text)) ?? [];
  return unit === undefined ? undefined : Number(amount) * (SECONDS[unit] ?? 1);
}

const SECONDS: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

interface PrometheusData {
  resultType: string;
  result: unknown;
}

async function ask(
  dataSource: DataSource,
  kind: string,
  parameters: Record<string, string>,
): Promise<PrometheusData> {
  const answer = await fetch(endpoint(dataSource, `api/v1/${kind}`), {
    method: "POST",
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(30_000),
  });
  const body = (await answer.json()) as {
    data?: PrometheusData;
    errorType?: string;
    error?: string;
  };
  if (!body.data) throw new Error(`${body.errorType ?? answer.status}: ${body.error ?? ""}`);
  return body.data;
}
