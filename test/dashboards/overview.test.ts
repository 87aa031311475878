/** What the on-call engineer finds on Overview, and in which order. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runbookPath } from "../../dashboards/definitions/runbooks.ts";
import { UIDS } from "../../dashboards/uids.ts";
import { configOf, displayIn } from "../../lab/page/data/display.ts";
import { linkAddress } from "../../lab/page/data/links.ts";
import type { Panel } from "../../lab/page/dashboardModel.ts";
import { ALERT_NAMES } from "../../prometheus/rules/index.ts";
import {
  parsedDashboards,
  panelsOf,
  type DashboardJson,
  type PanelJson,
} from "./parsedDashboards.ts";

function dashboardOf(uid: string): DashboardJson {
  const dashboard = parsedDashboards().find((one) => one.uid === uid);
  assert.ok(dashboard);
  return dashboard;
}

const overview = dashboardOf(UIDS.overview);
const panels = panelsOf(overview);
const tiles = panels.filter(({ type }) => type === "stat");

/** The dashboards that a panel links to. */
function linkedFrom(panel: PanelJson): string[] {
  return [...JSON.stringify(panel).matchAll(/"\/d\/([\w-]+)\?/g)].map(([, uid = ""]) => uid);
}

it("shows the firing alerts first, then the verdict on each model, then the tiles", () => {
  assert.deepEqual(
    panels.slice(0, 2).map(({ title }) => title),
    ["Firing alerts", "Bottleneck by model"],
  );
  assert.deepEqual(panels.slice(2, 2 + tiles.length), tiles);
});

it("has six to eight tiles, each with a link to a more detailed dashboard", () => {
  assert.deepEqual(Object.fromEntries(tiles.map((tile) => [tile.title, linkedFrom(tile)])), {
    "Servers down": [UIDS.stack],
    "Stalled engines": [UIDS.instances],
    Errors: [UIDS.capacity],
    Waiting: [UIDS.instances],
    "TTFT P95": [UIDS.instances],
    "ITL P95": [UIDS.instances],
    "E2E P95": [UIDS.capacity],
    "Fullest KV cache": [UIDS.kvCache],
  });
});

it("passes the selected models to linked dashboards that can select models", () => {
  for (const tile of tiles) {
    const taken = JSON.stringify(tile).includes("${model_name:queryparam}");
    assert.equal(taken, tile.title !== "Servers down", tile.title);
  }
});

it("fits on two screens of 1080 pixels", () => {
  const rows = Math.max(...overview.panels.map(({ gridPos: { y, h } }) => y + h));
  // A grid row is 38 pixels high. The browser's and Grafana's bars take 130 pixels.
  assert.ok(rows * 38 <= 2 * (1080 - 130), `${rows} rows of the grid`);
});

it("shares no panel with Capacity and workload", () => {
  const others = new Set(panelsOf(dashboardOf(UIDS.capacity)).map(({ title }) => title));
  assert.deepEqual(
    panels.map(({ title }) => title).filter((title) => others.has(title)),
    [],
  );
});

describe("the table of firing alerts", () => {
  const [table] = panels;
  assert.ok(table);
  const [{ expr } = { expr: "" }] = table.targets ?? [];
  const display = (title: string) => displayIn(configOf(table as unknown as Panel, title));

  it("lists all firing alerts, whatever is selected, except Watchdog, which always fires", () => {
    assert.ok(
      expr.includes(
        'time() - min by (severity, alertname, model_name, instance, objective) (ALERTS_FOR_STATE{alertname!="Watchdog"}) and max by (severity, alertname, model_name, instance, objective) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
      ),
      expr,
    );
    assert.deepEqual(linkedFrom(table), [UIDS.runbooks, UIDS.instances, UIDS.instances, UIDS.slo]);
  });

  it("explains what each alert means", () => {
    assert.equal(display("Meaning")("VllmTargetDown").text, "The server cannot be scraped");
    for (const name of ALERT_NAMES) assert.notEqual(display("Meaning")(name).text, name);
  });

  it("links each alert to its own runbook", () => {
    const [link] = configOf(table as unknown as Panel, "Alert").links ?? [];
    const runbook = display("Runbook")("VllmTargetDown").text;
    const address = linkAddress(link?.url ?? "", {
      ...{ timeRange: "from=now-1h", chosen: () => [] },
      ...{ value: "VllmTargetDown", fields: { Runbook: runbook } },
    });
    assert.ok(address.endsWith(`&${runbookPath("VllmTargetDown").split("?")[1]}`), address);
    assert.equal(configOf(table as unknown as Panel, "Runbook").custom?.hidden, true);
  });

  it("links to All if an alert lacks a label, because an empty selection would show nothing", () => {
    for (const [label, title] of [
      ["model_name", "Model"],
      ["instance", "Instance"],
    ] as const) {
      assert.ok(expr.includes(`"${label}", "$$__all", "${label}", ""`), expr);
      assert.equal(display(title)("$__all").text, "–");
    }
  });
});

it("is refreshed every 30 s, as every dashboard is", () => {
  for (const { title, refresh } of parsedDashboards()) assert.equal(refresh, "30s", title);
});
