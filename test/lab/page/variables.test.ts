import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { Variable } from "../../../lab/page/dashboardModel.ts";
import type { DataSource } from "../../../lab/page/prometheus.ts";
import { evaluateForPanel, evaluateVariables } from "../../../lab/page/variables.ts";
import { startPrometheus } from "./fakePrometheus.ts";

const DATASOURCE: Variable = { type: "datasource", name: "datasource", query: "prometheus" };

const choice = (name: string, query: string, more: Partial<Variable> = {}): Variable => ({
  ...{ type: "query", name, query: { query }, datasource: { uid: "${datasource}" } },
  ...{ multi: true, includeAll: true, allValue: ".+", sort: 1, ...more },
});

async function circumstances(context: TestContext, chosen: Record<string, string[]> = {}) {
  const prometheus = await startPrometheus(context, (query) => {
    if (query === "broken") return "no such function";
    return ["qwen-2.5", "llama", "qwen-2.5"].map((name) => ({
      labels: { __name__: "up", model_name: name },
      value: "1",
    }));
  });
  const source = (uid: string, url: string, isDefault = false): DataSource => ({
    ...{ uid, name: uid, type: "prometheus", url, isDefault, jsonData: { timeInterval: "5s" } },
  });
  return {
    requests: prometheus.requests,
    args: {
      dataSources: [
        source("other", "http://127.0.0.1:1"),
        source("own", prometheus.url, true),
        { ...source("logs", ""), type: "loki" },
      ],
      ...{ from: 1000, to: 4600 },
      chosen: (name: string) => chosen[name] ?? [],
    },
  };
}

describe("evaluateVariables", () => {
  it("selects the default data source, and offers those of its type", async (context) => {
    const { args } = await circumstances(context);
    const { variables, values, dataSource } = await evaluateVariables([DATASOURCE], args);
    assert.deepEqual(variables[0]?.options, ["own", "other"]);
    assert.equal(values.datasource, "own");
    assert.equal(dataSource({ datasource: { uid: "${datasource}" } })?.uid, "own");
    assert.equal(dataSource({ datasource: { uid: "other" } })?.uid, "other");
  });

  it("requests a label's values in the time range, filtered by earlier selections", async (context) => {
    const { args, requests } = await circumstances(context, { job: ["a"] });
    const { variables } = await evaluateVariables(
      [
        choice("job", "label_values(job)"),
        choice("instance", 'label_values(up{job=~"$job"}, instance)'),
      ],
      args,
    );
    assert.deepEqual(
      requests.map(({ path, parameters }) => [path, Object.fromEntries(parameters)]),
      [
        ["/api/v1/label/job/values", { start: "1000", end: "4600" }],
        [
          "/api/v1/label/instance/values",
          { start: "1000", end: "4600", "match[]": 'up{job=~"a"}' },
        ],
      ],
    );
    assert.deepEqual(
      variables.map(({ options, chosen }) => ({ options, chosen })),
      [
        { options: ["a", "b"], chosen: ["a"] },
        { options: ["a", "b"], chosen: ["$__all"] },
      ],
    );
  });

  it("takes the regex matches from a query's result, unique and sorted", async (context) => {
    const { args, requests } = await circumstances(context);
    const query = "query_result(group by (model_name) (up[$__range]))";
    const { variables, values } = await evaluateVariables(
      [choice("model_name", query, { regex: '/model_name="([^"]+)"/' })],
      args,
    );
    assert.deepEqual(variables[0]?.options, ["llama", "qwen-2.5"]);
    assert.equal(values.model_name, ".+");
    assert.equal(requests[0]?.parameters.get("query"), "group by (model_name) (up[3600s])");
    assert.equal(requests[0].parameters.get("time"), "4600");
  });

  it("writes several values as an alternation with escaped characters", async (context) => {
    const variable = choice("m", "label_values(m)");
    const valueOf = async (chosen: string[], more: Partial<Variable> = {}) => {
      const { args } = await circumstances(context, { m: chosen });
      return (await evaluateVariables([{ ...variable, ...more }], args)).values.m;
    };
    assert.equal(await valueOf(["qwen-2.5"]), "qwen-2\\\\.5");
    assert.equal(await valueOf(["a|b", "c"]), "(a\\\\|b|c)");
    assert.equal(await valueOf(["qwen-2.5"], { multi: false, includeAll: false }), "qwen-2.5");
    assert.equal(await valueOf(["$__all"]), ".+");
    const withoutAllValue: Variable = { ...variable };
    delete withoutAllValue.allValue;
    const { args } = await circumstances(context, { m: ["$__all"] });
    assert.equal((await evaluateVariables([withoutAllValue], args)).values.m, "(a|b)");
  });

  it("keeps the dashboard's current value while it exists, otherwise selects the first", async (context) => {
    const { args } = await circumstances(context);
    const chosen = async (more: Partial<Variable>) =>
      (await evaluateVariables([choice("m", "label_values(m)", more)], args)).variables[0]?.chosen;
    assert.deepEqual(await chosen({ current: { value: ["b"] } }), ["b"]);
    assert.deepEqual(await chosen({ current: { value: "gone" } }), ["$__all"]);
    assert.deepEqual(await chosen({ current: { value: "gone" }, includeAll: false }), ["a"]);
  });

  it("supports lists, and reports unknown types and queries", async (context) => {
    const { args } = await circumstances(context);
    const list: Variable = { type: "interval", name: "i", query: "1m, 5m" };
    assert.deepEqual((await evaluateVariables([list], args)).variables[0]?.options, ["1m", "5m"]);
    await assert.rejects(evaluateVariables([{ ...list, type: "adhoc" }], args), {
      message: 'Variable i: a variable of type "adhoc" is not known here.',
    });
    await assert.rejects(evaluateVariables([choice("m", "metrics(up)")], args), {
      message: "Variable m: this kind of query is not known here: metrics(up)",
    });
    await assert.rejects(evaluateVariables([choice("m", "query_result(broken)")], args), {
      message: "Variable m: bad_data: no such function",
    });
  });
});

describe("evaluateForPanel", () => {
  it("queries only for variables without a selection", async (context) => {
    const { args, requests } = await circumstances(context, { a: ["$__all"], b: ["x"] });
    const list = ["a", "b", "c"].map((name) => choice(name, `label_values(${name})`));
    const { values } = await evaluateForPanel(list, args);
    assert.deepEqual(values, { a: ".+", b: "x", c: ".+" });
    assert.deepEqual(
      requests.map(({ path }) => path),
      ["/api/v1/label/c/values"],
    );
  });
});
