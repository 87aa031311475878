/** The parts of a data source that are needed to query Prometheus. */
export interface DataSource {
  uid: string;
  name: string;
  type: string;
  url: string;
  isDefault: boolean;
  /** Contains `timeInterval`: how often the series get new values. */
  jsonData: Record<string, unknown>;
}

/** One series of a response. The values are pairs of a time in seconds and a number as text. */
export interface RangeSeries {
  metric: Record<string, string>;
  values: [time: number, value: string][];
  /** Replaces `values` for native histograms. */
  histograms?: [time: number, histogram: NativeHistogram][];
}

export interface NativeHistogram {
  count?: string;
  sum?: string;
  /** Without empty buckets; the first number says which bounds belong to the bucket. */
  buckets?: [boundaries: number, low: string, high: string, count: string][];
}

/** The time range of a query, in seconds since 1970, and the step in seconds. */
export interface Range {
  start: number;
  end: number;
  step: number;
  /** Seconds for which a series keeps the value of its last sample; by default the server's setting. */
  lookback?: number;
}

/** Values at one moment. @throws Error with Prometheus's own message if it rejects the query. */
export async function queryInstant(
  dataSource: DataSource,
  expr: string,
  time: number,
): Promise<RangeSeries[]> {
  const data = await ask(dataSource, "query", { query: expr, time: String(time) });
  if (data.resultType === "scalar" || data.resultType === "string") {
    return [{ metric: {}, values: [data.result as RangeSeries["values"][number]] }];
  }
  return (
    data.result as { metric: RangeSeries["metric"]; value: RangeSeries["values"][number] }[]
  ).map(({ metric, value }) => ({ metric, values: [value] }));
}

/** Values over a time range. @throws Error with Prometheus's own message if it rejects the query. */
export async function queryRange(
  dataSource: DataSource,
  expr: string,
  { start, end, step, lookback }: Range,
): Promise<RangeSeries[]> {
  const times = {
    ...{ start: String(start), end: String(end), step: String(step) },
    ...(lookback !== undefined && { lookback_delta: String(lookback) }),
  };
  const data = await ask(dataSource, "query_range", { query: expr, ...times });
  return (data.result as Partial<RangeSeries>[]).map((series) => ({
    metric: {},
    values: [],
    ...series,
  }));
}

/** The values of a label within a time range, in the series that `match` selects or in all series. */
export async function fetchLabelValues(
  dataSource: DataSource,
  label: string,
  match: string | undefined,
  { start, end }: Pick<Range, "start" | "end">,
): Promise<string[]> {
  const parameters = new URLSearchParams({ start: String(start), end: String(end) });
  if (match) parameters.set("match[]", match);
  const path = `api/v1/label/${label}/values?${parameters.toString()}`;
  const answer = await fetch(endpoint(dataSource, path), { signal: patience() });
  const { data, error } = (await answer.json()) as { data?: string[]; error?: string };
  if (!data) throw new Error(error ?? `status ${answer.status}`);
  return data;
}

/** The URL of a path on the data source's Prometheus. */
function endpoint(dataSource: Pick<DataSource, "url">, path: string): string {
  return `${dataSource.url.replace(/\/$/, "")}/${path}`;
}

/** How often the data source's series get new values, in seconds: 15 if it does not say. */
export function scrapeInterval({ jsonData }: Pick<DataSource, "jsonData">): number {
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

/** The message of an error; for a failed connection, the system's message. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

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
    signal: patience(),
  });
  const body = (await answer.json()) as {
    data?: PrometheusData;
    errorType?: string;
    error?: string;
  };
  if (!body.data) throw new Error(`${body.errorType ?? answer.status}: ${body.error ?? ""}`);
  return body.data;
}

function patience(): AbortSignal {
  return AbortSignal.timeout(30_000);
}
