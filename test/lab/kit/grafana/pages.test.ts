import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import type { DashboardAnswer, PanelAnswer } from "../../../../lab/page/answers.ts";
import { startPrometheus } from "../../page/fakePrometheus.ts";
import { start } from "./start.ts";

const DASHBOARD = {
  uid: "dashboard",
  title: "<vLLM>",
  panels: [
    {
      ...{ id: 1, type: "timeseries", title: "Latency", gridPos: { x: 0, y: 0, w: 12, h: 8 } },
      targets: [{ refId: "A", expr: "mean" }],
    },
  ],
};

async function startWithDashboard(context: TestContext) {
  const prometheus = await startPrometheus(context, () => [{ labels: {}, value: "0.25" }]);
  const grafana = await start(context);
  const source = { uid: "prometheus", name: "Prometheus", type: "prometheus", access: "proxy" };
  await grafana.send("POST", "/api/datasources", {
    ...source,
    url: prometheus.url,
    isDefault: true,
  });
  await grafana.send("POST", "/api/folders", { uid: "vllm", title: "Folder" });
  await grafana.send("POST", "/api/dashboards/db", { dashboard: DASHBOARD, folderUid: "vllm" });
  return grafana;
}

describe("pages", () => {
  it("say that this is a stand-in, and list the dashboards by folder", async (context) => {
    const { send } = await startWithDashboard(context);
    const home = String((await send("GET", "/")).body);
    assert.match(home, /This is a stand-in for Grafana/);
    assert.match(home, /<h2>Folder<\/h2><ul><li><a href="\/d\/dashboard\/vllm">&#60;vLLM&#62;</);
    assert.equal(home, (await send("GET", "/dashboards")).body);
  });

  it("draw a dashboard with data from its data source", async (context) => {
    const { send } = await startWithDashboard(context);
    for (const path of ["/d/dashboard", "/d/dashboard/vllm"]) {
      assert.match(String((await send("GET", path)).body), /src="\/preview\/browser\/main\.ts"/);
    }
    assert.equal((await send("GET", "/preview/browser/main.ts")).status, 200);
    const { body } = await send("GET", "/preview/dashboards/dashboard");
    assert.equal((body as DashboardAnswer).dashboard.title, "<vLLM>");
    const panel = await send("GET", "/preview/dashboards/dashboard/panels/1");
    assert.equal((panel.body as PanelAnswer).queries[0]?.series[0]?.values.at(-1), 0.25);
  });

  it("are available only to signed-in users", async (context) => {
    const { send } = await startWithDashboard(context);
    for (const path of [
      "/d/dashboard",
      "/preview/browser/main.ts",
      "/preview/dashboards/dashboard",
    ]) {
      assert.equal((await send("GET", path, undefined, "none")).status, 401, path);
    }
  });

  it("return 404 for a dashboard that does not exist", async (context) => {
    const { send } = await start(context);
    assert.equal((await send("GET", "/d/none")).status, 404);
    assert.equal((await send("GET", "/preview/none")).status, 404);
  });
});
