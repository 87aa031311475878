import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { startPrometheus } from "./prometheus.ts";
import { start } from "./start.ts";

const VARIABLE = {
  type: "query",
  name: "job",
  label: "Job",
  includeAll: true,
  allValue: ".+",
  query: { query: "label_values(up, job)", refId: "job" },
};

const BOARD = {
  uid: "board",
  title: "<vLLM>",
  refresh: "15s",
  time: { from: "now-1h", to: "now" },
  templating: { list: [{ type: "datasource", name: "datasource" }, VARIABLE] },
  panels: [
    { type: "row", title: "Traffic" },
    {
      type: "timeseries",
      title: "Latency",
      description: "How long?",
      fieldConfig: { defaults: { unit: "s" } },
      gridPos: { x: 0, y: 0, w: 12, h: 8 },
      datasource: { uid: "${datasource}" },
      targets: [{ refId: "A", expr: 'mean{job=~"$job"}', legendFormat: "Average of {{job}}" }],
    },
    { type: "heatmap", title: "Lengths", targets: [{ expr: "buckets", legendFormat: "{{le}}" }] },
    { type: "stat", title: "Nothing", targets: [{ expr: "nothing" }] },
    { type: "timeseries", title: "Wrong", targets: [{ expr: "broken" }] },
  ],
};

async function startWithBoard(context: TestContext) {
  const prometheus = await startPrometheus(context, (query) => {
    if (query.startsWith("mean")) return [{ labels: { job: "a" }, value: "0.25" }];
    if (query === "broken") return "no <such> function";
    if (query === "nothing") return [];
    return ["1.0", "10.0", "+Inf"].map((le, index) => ({
      labels: { le },
      value: String(index + 1),
    }));
  });
  const grafana = await start(context);
  const source = { uid: "prometheus", name: "Prometheus", type: "prometheus", access: "proxy" };
  await grafana.send("POST", "/api/datasources", {
    ...source,
    url: prometheus.url,
    isDefault: true,
  });
  await grafana.send("POST", "/api/folders", { uid: "vllm", title: "Folder" });
  await grafana.send("POST", "/api/dashboards/db", { dashboard: BOARD, folderUid: "vllm" });
  const get = async (path: string) => String((await grafana.send("GET", path)).body);
  return { prometheus, get };
}

describe("pages", () => {
  it("say what they are, and list the boards by folder", async (context) => {
    const { get } = await startWithBoard(context);
    const home = await get("/");
    assert.match(home, /This is a stand-in for Grafana/);
    assert.match(home, /<h2>Folder<\/h2><ul><li><a href="\/d\/board\/vllm">&#60;vLLM&#62;</);
    assert.equal(home, await get("/dashboards"));
  });

  it("show each panel with its values, its queries and their errors", async (context) => {
    const { prometheus, get } = await startWithBoard(context);
    const page = await get("/d/board/vllm");
    assert.match(page, /<meta http-equiv="refresh" content="15">/);
    assert.match(page, /<h2[^>]*>Traffic<\/h2>/);
    assert.match(page, /Average of a<\/td><td>250 ms<\/td>/);
    assert.match(page, /<pre>mean\{job=~&#34;\.\+&#34;\}<\/pre>/);
    assert.equal(page.match(/<rect /g)?.length, 6, "three buckets at two times");
    assert.equal(page.match(/No data/g)?.length, 1);
    assert.match(page, /<p class="error">bad_data: no &#60;such&#62; function<\/p>/);
    const asked = prometheus.requests.find(({ parameters }) => parameters.has("step"))?.parameters;
    assert.equal(Number(asked?.get("end")) - Number(asked?.get("start")), 3600);
  });

  it("take what is chosen from the address, as Grafana does", async (context) => {
    const { prometheus, get } = await startWithBoard(context);
    const page = await get("/d/board?var-job=a&var-job=b&from=now-5m");
    assert.match(page, /<option value="a" selected>/);
    assert.match(page, /<option value="now-5m" selected>/);
    const asked = prometheus.requests.find(({ parameters }) => parameters.has("step"))?.parameters;
    assert.equal(asked?.get("query"), 'mean{job=~"(a|b)"}');
    assert.equal(Number(asked.get("end")) - Number(asked.get("start")), 300);
  });

  it("are not there for a board that is not", async (context) => {
    const { send } = await start(context);
    assert.equal((await send("GET", "/d/none")).status, 404);
  });
});
