import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { startPrometheus } from "../../page/fakePrometheus.ts";
import { start } from "./start.ts";

async function startBoth(context: TestContext) {
  const prometheus = await startPrometheus(context, (query) =>
    query.startsWith("broken") ? "parse error" : [{ labels: { job: "vllm" }, value: "1.5" }],
  );
  const grafana = await start(context);
  const source = { uid: "prometheus", name: "Prometheus", type: "prometheus", access: "proxy" };
  const { url } = prometheus;
  await grafana.send("POST", "/api/datasources", {
    ...source,
    url,
    isDefault: true,
    jsonData: { timeInterval: "5s" },
  });
  return { prometheus, grafana };
}

function query(expr: string, more: Record<string, unknown> = {}) {
  return { refId: "A", datasource: { uid: "prometheus" }, expr, ...more };
}

describe("queries", () => {
  it("return frames over a time range in whole steps", async (context) => {
    const { prometheus, grafana } = await startBoth(context);
    const { status, body } = await grafana.send("POST", "/api/ds/query", {
      from: "1000001000",
      to: "1000064000",
      queries: [query("rate(x[$__rate_interval])", { intervalMs: 2000, legendFormat: "{{job}}!" })],
    });
    assert.equal(status, 200);
    const asked = prometheus.requests[0];
    assert.equal(asked?.path, "/api/v1/query_range");
    assert.deepEqual(Object.fromEntries(asked.parameters), {
      query: "rate(x[20s])",
      start: "1000000",
      end: "1000060",
      step: "5",
    });
    const { frames } = (body as { results: { A: { frames: unknown[] } } }).results.A;
    assert.deepEqual(frames, [
      {
        schema: {
          name: "vllm!",
          refId: "A",
          meta: {
            type: "timeseries-multi",
            custom: { resultType: "matrix" },
            executedQueryString: "Expr: rate(x[20s])\nStep: 5s",
          },
          fields: [
            {
              name: "Time",
              type: "time",
              typeInfo: { frame: "time.Time" },
              config: { interval: 5000 },
            },
            {
              name: "Value",
              type: "number",
              typeInfo: { frame: "float64" },
              labels: { job: "vllm" },
              config: { displayNameFromDS: "vllm!" },
            },
          ],
        },
        data: {
          values: [
            [1_000_000_000, 1_000_060_000],
            [1.5, 1.5],
          ],
        },
      },
    ]);
  });

  it("pass on Prometheus's errors under the id of each query", async (context) => {
    const { grafana } = await startBoth(context);
    const { status, body } = await grafana.send("POST", "/api/ds/query", {
      queries: [query("broken(", { refId: "B" }), query("up", { instant: true })],
    });
    assert.equal(status, 400);
    const { A, B } = (body as { results: Record<string, Record<string, unknown>> }).results;
    assert.deepEqual(B, { status: 400, error: "bad_data: parse error", errorSource: "downstream" });
    assert.equal((A?.frames as unknown[]).length, 1);
  });

  it("require a data source that exists", async (context) => {
    const { grafana } = await startBoth(context);
    const { status } = await grafana.send("POST", "/api/ds/query", {
      queries: [query("up", { datasource: { uid: "none" } })],
    });
    assert.equal(status, 404);
  });

  it("report whether a data source works", async (context) => {
    const { grafana } = await startBoth(context);
    const health = () => grafana.send("GET", "/api/datasources/uid/prometheus/health");
    assert.equal((await health()).status, 200);
    await grafana.send("PUT", "/api/datasources/uid/prometheus", {
      ...{ name: "Prometheus", type: "prometheus", access: "proxy" },
      url: "http://127.0.0.1:1",
    });
    const { status, body } = await health();
    assert.equal(status, 400);
    assert.match((body as { message: string }).message, /^Error querying the Prometheus API: /);
  });
});
