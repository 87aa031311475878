import assert from "node:assert/strict";
import { get } from "node:http";
import { describe, it, type TestContext } from "node:test";
import type { AddressInfo } from "node:net";
import type { DashboardAnswer, PanelAnswer } from "../../../lab/page/answers.ts";
import type { DashboardModel } from "../../../lab/page/dashboardModel.ts";
import { answer } from "../../../lab/page/routes.ts";
import { previewServer } from "../../../lab/page/previewServer.ts";
import { startPrometheus } from "./fakePrometheus.ts";

const DASHBOARD: DashboardModel = {
  ...{ uid: "dashboard", title: "Dashboard", tags: ["vllm"], time: { from: "now-6h", to: "now" } },
  templating: {
    list: [
      { type: "datasource", name: "datasource", query: "prometheus" },
      {
        type: "query",
        name: "job",
        query: "label_values(up, job)",
        includeAll: true,
        allValue: ".+",
      },
    ],
  },
  panels: [
    {
      ...{ id: 1, type: "row", gridPos: { x: 0, y: 0, w: 24, h: 1 } },
      panels: [
        {
          ...{ id: 2, type: "stat", gridPos: { x: 0, y: 1, w: 4, h: 4 } },
          datasource: { uid: "${datasource}" },
          targets: [{ refId: "A", expr: 'up{job=~"$job"}', instant: true }],
        },
      ],
    },
  ],
};

async function shown(context: TestContext) {
  const prometheus = await startPrometheus(context, () => [{ labels: {}, value: "1" }]);
  const jsonData = { timeInterval: "5s" };
  const source = { uid: "own", name: "Own", type: "prometheus", isDefault: true, jsonData };
  return {
    prometheus,
    shown: {
      dashboards: [DASHBOARD],
      dataSources: [{ ...source, url: prometheus.url }],
      banner: "<p>Hi</p>",
    },
  };
}

const query = (text = "") => new URLSearchParams(text);

describe("answer", () => {
  it("returns the page for any dashboard, with the banner", async (context) => {
    const { shown: all } = await shown(context);
    const page = await answer("/d/dashboard/title", query(), all);
    assert.match(page?.body ?? "", /<p>Hi<\/p>/);
    assert.match(page?.body ?? "", /<script type="importmap">\{"imports":/);
    assert.equal(await answer("/other", query(), all), undefined);
  });

  it("returns a dashboard over its own time range, with the selected values", async (context) => {
    const { shown: all } = await shown(context);
    const found = await answer("/preview/dashboards/dashboard", query("var-job=a"), all);
    const body = JSON.parse(found?.body ?? "") as DashboardAnswer;
    assert.equal(Math.round(body.time.to - body.time.from), 6 * 3600);
    assert.deepEqual(
      body.variables.map(({ name, chosen }) => [name, chosen]),
      [
        ["datasource", ["own"]],
        ["job", ["a"]],
      ],
    );
    assert.deepEqual(body.dashboards, [{ uid: "dashboard", title: "Dashboard", tags: ["vllm"] }]);
  });

  it("returns a panel, even in a closed row, over the time range in the address", async (context) => {
    const { shown: all, prometheus } = await shown(context);
    const path = "/preview/dashboards/dashboard/panels/2";
    const found = await answer(path, query("from=1000000&to=2000000&var-job=a"), all);
    const body = JSON.parse(found?.body ?? "") as PanelAnswer;
    assert.deepEqual(body.queries[0]?.series[0]?.values, [1]);
    assert.equal(prometheus.requests.at(-1)?.parameters.get("query"), 'up{job=~"a"}');
    assert.equal(prometheus.requests.at(-1)?.parameters.get("time"), "2000");
  });

  it("reports what does not exist, and the data source's errors", async (context) => {
    const { shown: all } = await shown(context);
    assert.equal((await answer("/preview/dashboards/none", query(), all))?.status, 404);
    const panel = await answer("/preview/dashboards/dashboard/panels/9", query(), all);
    assert.deepEqual(
      [panel?.status, panel?.body],
      [502, '{"error":"The dashboard has no panel 9."}'],
    );
    const gone = {
      ...all,
      dataSources: all.dataSources.map((one) => ({ ...one, url: "http://127.0.0.1:1" })),
    };
    const dashboard = await answer("/preview/dashboards/dashboard", query(), gone);
    assert.equal(dashboard?.status, 502);
    assert.match(dashboard.body, /Variable job: /);
  });

  it("serves the page's script without types, and no files from elsewhere", async (context) => {
    const { shown: all } = await shown(context);
    const program = await answer("/preview/browser/main.ts", query(), all);
    assert.equal(program?.contentType, "text/javascript; charset=utf-8");
    assert.doesNotMatch(program.body, /import type|: Promise</);
    for (const path of [
      "/preview/lib/uplot.js",
      "/preview/lib/marked.js",
      "/preview/lib/uplot.css",
    ]) {
      assert.equal((await answer(path, query(), all))?.status, 200, path);
    }
    for (const path of [
      "/preview/browser/none.ts",
      "/preview/browser/../routes.ts",
      "/preview/browser/tsconfig.json",
    ]) {
      assert.equal(await answer(path, query(), all), undefined, path);
    }
  });
});

describe("previewServer", () => {
  it("answers only requests to its own address, and only GET requests", async (context) => {
    const { shown: all } = await shown(context);
    const server = previewServer(all);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    context.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const first = await fetch(url, { redirect: "manual" });
    assert.deepEqual([first.status, first.headers.get("location")], [302, "/d/dashboard"]);
    const page = await fetch(`${url}/d/dashboard`);
    assert.match(
      page.headers.get("content-security-policy") ?? "",
      /default-src 'none'; script-src 'self' 'sha256-/,
    );
    assert.equal((await fetch(`${url}/none`)).status, 404);
    assert.equal((await fetch(url, { method: "POST" })).status, 405);
    const foreign = await new Promise<number | undefined>((resolve, reject) => {
      get(url, { headers: { host: "evil.example" } }, ({ statusCode }) => {
        resolve(statusCode);
      }).on("error", reject);
    });
    assert.equal(foreign, 403);
  });
});
