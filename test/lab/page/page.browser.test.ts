/** What a reader can do on the page, and what the page says when something is wrong. */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import type { Browser } from "playwright-core";
import type { DashboardModel, Panel } from "../../../lab/page/dashboardModel.ts";
import { start } from "../kit/grafana/start.ts";
import { canvasTexts, openTab, panelsThat, settled, startBrowser } from "./browser.ts";
import { startPreview } from "./preview.ts";
import { startPrometheus } from "./fakePrometheus.ts";

let id = 0;

function panel(type: string, title: string, more: Partial<Panel> = {}): Panel {
  const place = { x: 0, y: id++ * 6, w: 24, h: 6 };
  const targets = [{ refId: "A", expr: 'load{job=~"$job"}', legendFormat: "{{job}}" }];
  return { ...{ id, type, title, gridPos: place, targets }, ...more };
}

const VARIABLES = [
  { type: "datasource", name: "datasource", label: "Data source", query: "prometheus" },
  {
    ...{ type: "query", name: "job", label: "Job", query: "label_values(up, job)" },
    ...{ multi: true, includeAll: true, allValue: ".+" },
  },
];

const DASHBOARD: DashboardModel = {
  ...{ uid: "dashboard", title: "A dashboard", refresh: "1s", time: { from: "now-1h", to: "now" } },
  templating: { list: VARIABLES },
  annotations: { list: [{ name: "Alerts", expr: "alerts", iconColor: "red" }] },
  panels: [
    panel("timeseries", "Lines", {
      description: "**Why** it is <there>",
      fieldConfig: {
        defaults: {
          unit: "s",
          links: [{ title: "More", url: "/d/dashboard?var-job=${__field.labels.job}" }],
          custom: { scaleDistribution: { type: "log", log: 10 } },
        },
      },
      options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { sort: "desc" } },
    }),
    panel("state-timeline", "States", { options: { legend: {} } }),
    panel("stat", "Names", { options: { textMode: "auto" } }),
    panel("stat", "Nothing", {
      targets: [{ refId: "A", expr: "nothing" }],
      fieldConfig: { defaults: { noValue: "No traffic" } },
    }),
    panel("timeseries", "Broken", { targets: [{ refId: "A", expr: "broken" }] }),
    panel("piechart", "Pie"),
    panel("row", "Closed: $job", { collapsed: true, panels: [panel("stat", "Inside")] }),
  ],
};

async function preview(context: TestContext) {
  const prometheus = await startPrometheus(context, (query) => {
    if (query === "nothing") return [];
    if (query === "broken") return "no <such> function";
    const jobs = ["a", "b"].filter((job) => query.includes(".+") || query.includes(job));
    return jobs.map((job, index) => ({ labels: { job }, value: String(20 + 30 * index) }));
  });
  const { url, stop } = await startPreview([DASHBOARD], prometheus.url, "15s");
  context.after(stop);
  return { url: `${url}/d/dashboard`, requests: prometheus.requests };
}

describe("the page", () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  it("draws each panel type, and says what it cannot draw", async (context) => {
    const { url } = await preview(context);
    const { page } = await openTab(browser, url);
    assert.deepEqual(await panelsThat(page, "empty"), { Nothing: "No traffic" });
    assert.deepEqual(await panelsThat(page, "error"), {
      Broken: "Query A: bad_data: no <such> function",
      Pie: 'Panels of type "piechart" are not known to this page.',
    });
    const text = (title: string) =>
      page
        .locator("article", { has: page.getByText(title, { exact: true }) })
        .locator(".body")
        .innerText();
    assert.deepEqual((await text("States")).split(/\s+/), ["20", "50"], "a legend of states");
    assert.deepEqual((await text("Names")).split(/\s+/), ["a", "20", "b", "50"]);
    assert.deepEqual((await text("Lines")).split(/\s+/), ["a", "b"]);
    assert.equal(await page.title(), "A dashboard");
    await page.close();
  });

  it("shows a panel's description and queries", async (context) => {
    const { url } = await preview(context);
    const { page } = await openTab(browser, `${url}?refresh=off`);
    await page.locator("article .info summary").first().click();
    assert.equal(
      await page.locator("article .info > div").first().innerText(),
      'Why it is <there>\n\nQueries\nload{job=~".+"}',
    );
    await page.close();
  });

  it("reloads for the reader's selection, and keeps the selection in the address", async (context) => {
    const { url, requests } = await preview(context);
    const { page } = await openTab(browser, `${url}?refresh=off`);
    await page.locator(".menu summary", { hasText: "Job" }).click();
    await page.getByLabel("b", { exact: true }).check();
    await page.getByRole("button", { name: "Show" }).click();
    await page.getByText("Closed: b").waitFor();
    await settled(page);
    assert.equal(new URL(page.url()).search, "?refresh=off&var-job=b");
    assert.equal(
      requests.filter(({ parameters }) => parameters.get("query") === 'load{job=~"b"}').length,
      4,
    );
    await page.getByLabel("Time").selectOption("now-5m");
    await page.waitForURL(/from=now-5m&to=now/);
    await settled(page);
    const last = requests.findLast(({ path }) => path.endsWith("query_range"))?.parameters;
    assert.equal(Number(last?.get("end")) - Number(last?.get("start")), 300);
    await page.close();
  });

  it("sends no queries for closed rows, and keeps open rows open on refresh", async (context) => {
    const { url, requests } = await preview(context);
    const { page } = await openTab(browser, url);
    const inside = page.locator("details article");
    assert.equal(await inside.getAttribute("data-state"), "loading");
    await page.getByText("Closed: All").click();
    await settled(page);
    assert.equal(await inside.getAttribute("data-state"), "data");
    const before = requests.length;
    await page.waitForTimeout(1500);
    assert.ok(requests.length > before, "it refreshes each second");
    assert.equal(await inside.getAttribute("data-state"), "data", "the row stays open");
    await page.close();
  });

  it("shows the values at a point in time, and can show a single line", async (context) => {
    const { url } = await preview(context);
    const { page } = await openTab(browser, `${url}?refresh=off`, { height: 1000 });
    const chart = page.locator(".u-over").first();
    const hover = async (y: number) => {
      const box = await chart.boundingBox();
      await chart.hover({ position: { x: (box?.width ?? 0) - 2, y } });
    };
    await hover(20);
    assert.match(
      await page.locator(".tooltip").innerText(),
      /\d\d:\d\d:\d\d\s+b\s+50 s\s+a\s+20 s/,
    );
    await page.getByRole("button", { name: "a", exact: true }).click();
    assert.equal(await page.locator(".name.faint").innerText(), "b");
    await hover(21);
    assert.match(
      await page.locator(".tooltip").innerText(),
      /:\d\d\s+a\s+20 s\s+A click leads to: More$/,
    );
    await page.close();
  });

  it("opens a line's link on a click", async (context) => {
    const { url } = await preview(context);
    const { page } = await openTab(browser, `${url}?refresh=off`, { height: 1000 });
    const chart = page.locator(".u-over").first();
    const box = await chart.boundingBox();
    // The upper line belongs to b.
    await chart.click({ position: { x: (box?.width ?? 0) - 2, y: 5 } });
    await page.waitForURL(/var-job=b$/);
    await page.close();
  });

  it("zooms to a time range selected in a chart", async (context) => {
    const { url } = await preview(context);
    const { page } = await openTab(browser, url, { height: 1000 });
    const box = await page.locator(".u-over").first().boundingBox();
    const { x = 0, y = 0, width = 0 } = box ?? {};
    await page.mouse.move(x + width / 4, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    const { searchParams } = new URL(page.url());
    const seconds = (Number(searchParams.get("to")) - Number(searchParams.get("from"))) / 1000;
    assert.ok(Math.abs(seconds - 900) < 30, `a quarter of an hour, not ${seconds} s`);
    await page.close();
  });

  it("shows an error if its server or Prometheus does not answer", async (context) => {
    const { url, stop } = await startPreview([DASHBOARD], "http://127.0.0.1:1", "15s");
    context.after(stop);
    const { page } = await openTab(browser, `${url}/d/dashboard`);
    assert.match(await page.locator("main").innerText(), /^Variable job: /);
    await page.close();
  });

  it("reproduces Grafana's display faults", async (context) => {
    const prometheus = await startPrometheus(context, (query) => [
      { labels: { group: "/rules.yml;stack" }, value: query === "zero" ? "0" : "20" },
    ]);
    const lines = (expr: string, unit: string, more: object = {}, regex = "") =>
      panel("timeseries", expr, {
        targets: [{ refId: "A", expr, legendFormat: "{{group}}" }],
        fieldConfig: { defaults: { unit, ...more } },
        ...(regex && {
          transformations: [{ id: "renameByRegex", options: { regex, renamePattern: "" } }],
        }),
      });
    const log = { custom: { scaleDistribution: { type: "log", log: 10 } } };
    const shown = async (...panels: Panel[]) => {
      const { url, stop } = await startPreview([{ ...DASHBOARD, panels }], prometheus.url, "15s");
      context.after(stop);
      const { page } = await openTab(browser, `${url}/d/dashboard?refresh=off`);
      const texts = await canvasTexts(page);
      const names = await page.locator(".legend .name").allInnerTexts();
      await page.close();
      return { texts, names };
    };

    const wrong = await shown(
      lines("a", "s", { ...log, noValue: "No traffic" }),
      lines("zero", "percentunit", { min: 0 }, "^.*;"),
      lines("c", "suffix: tok/s"),
      lines("zero", "ops", { min: 0 }),
    );
    assert.ok(wrong.texts.includes("No traffic"), "at the ticks of a logarithmic axis");
    assert.ok(wrong.texts.includes("10000%"), "of zeros alone");
    assert.ok(wrong.texts.includes("100 ops/s"), "of zeros alone");
    assert.ok(wrong.texts.includes("20  tok/s"), "two blanks");
    assert.deepEqual(wrong.names, Array(4).fill("/rules.yml;stack"));

    const right = await shown(
      lines("a", "s", log),
      lines("zero", "percentunit", { min: 0, custom: { axisSoftMax: 0.01 } }, "/^.*;/"),
      lines("c", "suffix:tok/s"),
      lines("zero", "ops", { min: 0, custom: { axisSoftMax: 0.01 } }),
    );
    assert.ok(!right.texts.includes("No traffic"));
    assert.ok(right.texts.includes("1%") && !right.texts.includes("10000%"));
    assert.ok(!right.texts.includes("100 ops/s"));
    assert.ok(right.texts.includes("20 tok/s"));
    assert.equal(right.names[1], "stack");
  });

  it("is what the kit's Grafana shows behind its login", async (context) => {
    const prometheus = await startPrometheus(context, () => [{ labels: { job: "a" }, value: "1" }]);
    const grafana = await start(context);
    await grafana.send("POST", "/api/datasources", {
      ...{ uid: "prometheus", name: "Prometheus", type: "prometheus", access: "proxy" },
      ...{ url: prometheus.url, isDefault: true },
    });
    const [lines] = DASHBOARD.panels ?? [];
    await grafana.send("POST", "/api/dashboards/db", {
      dashboard: { ...DASHBOARD, panels: [lines] },
    });
    const { page, faults } = await openTab(browser, `${grafana.url}/d/dashboard`, {
      password: "secret",
    });
    assert.equal(await page.locator('article[data-state="data"] h3').innerText(), "Lines");
    assert.match(await page.locator(".banner").innerText(), /This is a stand-in for Grafana/);
    assert.deepEqual(faults, []);
    await page.close();
  });
});
