/**
 * Each dashboard as people see it: drawn by a real browser, with an hour of a fleet's history from a
 * real Prometheus. Pictures of the whole dashboards go to `screenshots/`. With `PICTURES=true`,
 * pictures of the main dashboards also go to `docs/pictures/`.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { UIDS } from "../../../dashboards/uids.ts";
import { demo } from "../../../demo.ts";
import { planStack } from "../../../plan.ts";
import type { DashboardModel } from "../../../lab/page/dashboardModel.ts";
import { parseSettings } from "../../../settings.ts";
import { PICTURES } from "../../../docs/pictures.ts";
import { ROOT } from "../../../tools/project.ts";
import { canvasTexts, openRows, openTab, panelsThat, startBrowser } from "./browser.ts";
import { SCRAPE } from "./fleet.ts";
import { type Past, startWithPast } from "./past.ts";
import { startPreview } from "./preview.ts";

const { monitoring } = planStack(
  parseSettings({ scrapeInterval: `${SCRAPE}s`, gpu: { exporter: ["gpu-host:9400"] } }),
  demo,
);
const dashboards = Object.values(monitoring.dashboards.json).map(
  (json) => JSON.parse(json) as DashboardModel,
);

const LACKS = "The fake fleet has no such feature.";
const ASLEEP = "One model sleeps.";
const NO_ALERTMANAGER = "There is no Alertmanager.";
const NO_GRAFANA = "No Grafana is scraped.";

/** Panels without data, by dashboard and title, with the reason. Each panel shows a short text instead. */
const EMPTY: Record<string, Record<string, string>> = {
  [UIDS.capacity]: {
    "Tool calls parsed": LACKS,
    "Realtime connections": LACKS,
    "Corrupted requests": LACKS,
    "Watermarked requests": LACKS,
    "Diffusion models": LACKS,
  },
  [UIDS.instances]: { "Weight updates": LACKS },
  [UIDS.wall]: { Speed: ASLEEP, Success: ASLEEP, "Per minute": ASLEEP },
  [UIDS.stack]: {
    "Notifications by receiver": NO_ALERTMANAGER,
    "Alerts in Alertmanager": NO_ALERTMANAGER,
    "Silences and configuration": NO_ALERTMANAGER,
    "Grafana's answers": NO_GRAFANA,
    "Grafana's answers by status": NO_GRAFANA,
    "Grafana at work": NO_GRAFANA,
  },
};

/** The texts that panels without data may show. */
const WORDS = /^(Off|No traffic|Not scraped yet|Off: no Alertmanager|No notification in a day)$/;

describe("the dashboards", () => {
  let past: Past;
  let browser: Browser;
  let preview: { url: string; stop: () => Promise<void> };

  before(async () => {
    [past, browser] = await Promise.all([
      startWithPast(monitoring.prometheus.ruleFiles),
      startBrowser(),
    ]);
    preview = await startPreview(dashboards, past.url, monitoring.dashboards.scrapeInterval);
  });
  after(async () => {
    await browser.close();
    await preview.stop();
    await past.stop();
  });

  for (const { uid, title } of dashboards) {
    it(`${title}: each panel shows data, or a short text that says why not`, async () => {
      // Prometheus has metrics about itself only for the time since its start. The last step must not be
      // before the queries of this test.
      const now = Date.now();
      const span =
        uid === UIDS.stack
          ? `from=${now - 300_000}&to=${now + (SCRAPE - 2) * 1000}`
          : `from=${(past.end - 3600) * 1000}&to=${past.end * 1000}`;
      const { page, faults } = await openTab(
        browser,
        `${preview.url}/d/${uid}?refresh=off&${span}`,
      );
      const picture = PICTURES[uid];
      if (process.env.PICTURES === "true" && picture !== undefined) {
        await takePicture(page, join(ROOT, "docs/pictures", picture.file), picture.height);
      }
      await openRows(page);
      await takePicture(page, join(ROOT, "screenshots", `${uid}.png`), Infinity);

      assert.deepEqual(faults, []);
      assert.deepEqual(await panelsThat(page, "error"), {});
      const empty = await panelsThat(page, "empty");
      assert.deepEqual(Object.keys(empty).sort(), Object.keys(EMPTY[uid] ?? {}).sort());
      for (const [panel, word] of Object.entries(empty)) assert.match(word, WORDS, panel);
      const texts = [
        ...(await canvasTexts(page)),
        ...(await page.locator(".legend .name").allInnerTexts()),
      ];
      assert.ok(texts.length > 0 || uid === UIDS.runbooks);
      assert.deepEqual(texts.filter(isFault), []);
      await page.close();
    });
  }
});

/** Whether a text is a display fault: a missing value, 10000 %, two spaces, a file path. */
function isFault(text: string): boolean {
  return WORDS.test(text) || text === "10000%" || /\S {2}\S|;/.test(text);
}

/** The picture ends below the last panel that fits completely into this many pixels. */
async function takePicture(page: Page, path: string, height: number): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  const boxes = await Promise.all(
    (await page.locator("article:visible").all()).map((panel) => panel.boundingBox()),
  );
  const bottoms = boxes.flatMap((box) => (box ? [box.y + box.height] : []));
  const bottom = Math.max(...bottoms.filter((one) => one <= height)) + 7;
  const width = page.viewportSize()?.width ?? 0;
  await page.screenshot({ path, clip: { x: 0, y: 0, width, height: bottom } });
}
