/** What a person on call finds on Overview, and in which order. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { UIDS } from "../../dashboards/uids.ts";
import { boards, panelsOf, type BoardJson, type PanelJson } from "./boards.ts";

function boardOf(uid: string): BoardJson {
  const board = boards().find((one) => one.uid === uid);
  assert.ok(board);
  return board;
}

const overview = boardOf(UIDS.overview);
const panels = panelsOf(overview);
const tiles = panels.filter(({ type }) => type === "stat");

/** The dashboards that links on a panel lead to. */
function linkedFrom(panel: PanelJson): string[] {
  return [...JSON.stringify(panel).matchAll(/"\/d\/([\w-]+)\?/g)].map(([, uid = ""]) => uid);
}

it("begins with the alerts that fire, then the verdict on each model, then the tiles", () => {
  assert.deepEqual(
    panels.slice(0, 2).map(({ title }) => title),
    ["Firing alerts", "Bottleneck by model"],
  );
  assert.deepEqual(panels.slice(2, 2 + tiles.length), tiles);
});

it("has six to eight tiles, and each leads to the dashboard where more is known", () => {
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

it("takes the chosen models and instances along, where the other dashboard has that choice", () => {
  for (const tile of tiles) {
    const taken = JSON.stringify(tile).includes("${model_name:queryparam}&${instance:queryparam}");
    assert.equal(taken, tile.title !== "Servers down", tile.title);
  }
});

it("fits on two screens of 1080 lines", () => {
  const rows = Math.max(...overview.panels.map(({ gridPos: { y, h } }) => y + h));
  // A row of the grid is 38 pixels high; the browser's and Grafana's own bars take 130.
  assert.ok(rows * 38 <= 2 * (1080 - 130), `${rows} rows of the grid`);
});

it("shares no panel with Capacity and workload", () => {
  const others = new Set(panelsOf(boardOf(UIDS.capacity)).map(({ title }) => title));
  assert.deepEqual(
    panels.map(({ title }) => title).filter((title) => others.has(title)),
    [],
  );
});

it("lists the alerts that fire, whatever is chosen, but not Watchdog, which always fires", () => {
  const [table] = panels;
  assert.ok(table);
  assert.deepEqual(
    (table.targets ?? []).map(({ expr }) => expr),
    [
      'time() - min by (severity, alertname, model_name, instance, objective) (ALERTS_FOR_STATE{alertname!="Watchdog"}) and max by (severity, alertname, model_name, instance, objective) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
    ],
  );
  assert.deepEqual(linkedFrom(table), [UIDS.runbooks, UIDS.instances, UIDS.instances, UIDS.slo]);
});

it("is refreshed every 30 s, as every dashboard is", () => {
  for (const { title, refresh } of boards()) assert.equal(refresh, "30s", title);
});
