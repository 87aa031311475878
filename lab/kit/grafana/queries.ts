import type { Span } from "../../page/answers.ts";
import { interpolate } from "../../page/interpolation.ts";
import { alignedRange, MOST_POINTS, seriesName } from "../../page/panels.ts";
import * as prometheus from "../../page/prometheus.ts";
import { parseTime } from "../../page/time.ts";
import { findDataSource } from "./dataSources.ts";
import {
  type ApiAnswer,
  ApiError,
  isObject,
  jsonBody,
  type ApiRoute,
  route,
  text,
  TRACED,
} from "./http.ts";
import type { Store } from "./store.ts";

/** The API that queries data sources. */
export function queryRoutes(store: Store): ApiRoute[] {
  return [
    route("POST", "/api/ds/query", (request) => answerQueries(store, jsonBody(request))),
    route("GET", "/api/datasources/uid/:uid/health", ({ params }) => health(store, params.uid)),
  ];
}

async function health(store: Store, uid: string | undefined): Promise<ApiAnswer> {
  const dataSource = findDataSource(store, uid);
  try {
    await prometheus.queryInstant(dataSource, "1+1", Date.now() / 1000);
    return { body: { message: "Successfully queried the Prometheus API.", status: "OK" } };
  } catch (error) {
    const message = `Error querying the Prometheus API: ${prometheus.reason(error)}`;
    return { status: 400, body: { message, status: "ERROR" } };
  }
}

/** Answers several queries at once, keyed by `refId`. If one fails, the whole response is a 400. */
async function answerQueries(store: Store, body: Record<string, unknown>): Promise<ApiAnswer> {
  const queries = Array.isArray(body.queries) ? body.queries.filter(isObject) : [];
  if (queries.length === 0)
    throw new ApiError(400, "No queries found", {
      messageId: "query.noQueries",
      statusCode: 400,
      ...TRACED,
    });
  const time = Date.now() / 1000;
  const span = { from: parseTime(body.from, time - 3600), to: parseTime(body.to, time) };

  const results: Record<string, unknown> = {};
  let failed = false;
  for (const query of queries) {
    const refId = text(query.refId, "A");
    const uid = isObject(query.datasource) ? text(query.datasource.uid) : "";
    const dataSource = findDataSource(store, uid, TRACED);
    try {
      results[refId] = { status: 200, frames: await frames(dataSource, query, refId, span) };
    } catch (error) {
      failed = true;
      results[refId] = { status: 400, error: prometheus.reason(error), errorSource: "downstream" };
    }
  }
  return { status: failed ? 400 : 200, body: { results } };
}

async function frames(
  dataSource: ReturnType<typeof findDataSource>,
  query: Record<string, unknown>,
  refId: string,
  { from, to }: Span,
): Promise<unknown[]> {
  const scrapeInterval = prometheus.scrapeInterval(dataSource);
  const step = Math.max(
    Number(query.intervalMs ?? 0) / 1000,
    prometheus.parseDuration(query.interval) ?? scrapeInterval,
    Math.ceil((to - from) / MOST_POINTS),
  );
  const expr = interpolate(text(query.expr), {
    step,
    scrapeInterval,
    range: to - from,
    variables: {},
  });
  const name = (labels: Record<string, string>) => seriesName(text(query.legendFormat), labels);
  const series =
    query.instant === true
      ? await prometheus.queryInstant(dataSource, expr, to)
      : await prometheus.queryRange(dataSource, expr, alignedRange({ from, to }, step));
  return series.map(({ metric, values }) => ({
    schema: {
      name: name(metric),
      refId,
      meta: {
        type: query.instant === true ? "numeric-multi" : "timeseries-multi",
        custom: { resultType: query.instant === true ? "vector" : "matrix" },
        executedQueryString: `Expr: ${expr}\nStep: ${step}s`,
      },
      fields: [
        {
          name: "Time",
          type: "time",
          typeInfo: { frame: "time.Time" },
          config: { interval: step * 1000 },
        },
        {
          name: "Value",
          type: "number",
          typeInfo: { frame: "float64" },
          labels: metric,
          config: { displayNameFromDS: name(metric) },
        },
      ],
    },
    data: {
      values: [values.map(([time]) => time * 1000), values.map(([, value]) => finite(value))],
    },
  }));
}

/** JSON has neither NaN nor infinities: Grafana's frames use null instead. */
function finite(value: string): number | null {
  const number = Number(value.replace("Inf", "Infinity"));
  return Number.isFinite(number) ? number : null;
}
