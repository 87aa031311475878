/** A real browser that opens pages of this machine, and nothing else. */
import { type Browser, chromium, type Page } from "playwright-core";
import { browserProgram } from "../../../tools/browser.ts";

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(browserProgram !== undefined && { executablePath: browserProgram }),
    args: [
      // There is no sandbox for root, and the browser opens only the tests' pages.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // Requests to other machines fail.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ],
  });
}

/** A tab, and the errors on the page that it shows. */
export interface Tab {
  page: Page;
  /** Script errors, console errors, and requests to any server other than the page's own. */
  faults: string[];
}

/** @param height High enough for a whole dashboard, since only visible panels are drawn. */
export async function openTab(
  browser: Browser,
  url: string,
  {
    width = 1400,
    height = 12_000,
    password,
  }: { width?: number; height?: number; password?: string } = {},
): Promise<Tab> {
  const page = await browser.newPage({
    viewport: { width, height },
    timezoneId: "UTC",
    ...(password !== undefined && { httpCredentials: { username: "admin", password } }),
  });
  await page.addInitScript(KEEP_CANVAS_TEXTS);
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    const text = message.text();
    // Docker networks come and go on this machine, and the page retries.
    const isFault = message.type() === "error" && !text.includes("ERR_NETWORK_CHANGED");
    if (isFault) faults.push(text);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin)) faults.push(`asks for ${request.url()}`);
  });
  await page.goto(url);
  // If a network changed during loading, the page's script may not have arrived.
  await shown(page, 10_000).catch(() => page.reload());
  await settled(page);
  return { page, faults };
}

/** Runs in the page. Records the texts that are drawn on canvases, such as axis labels. */
const KEEP_CANVAS_TEXTS = `
  globalThis.canvasTexts = new Set();
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    globalThis.canvasTexts.add(text);
    write.call(this, text, ...rest);
  };
`;

/** The texts drawn on a page's canvases so far, each once. */
export function canvasTexts(page: Page): Promise<string[]> {
  return page.evaluate("[...globalThis.canvasTexts]");
}

/** Waits until the page is shown and none of its panels is still loading. */
export async function settled(page: Page): Promise<void> {
  await shown(page);
  await page
    .locator('main:not(:has(article[data-state="loading"]:not(details:not([open]) article)))')
    .waitFor({ timeout: 60_000 });
}

function shown(page: Page, timeout = 60_000): Promise<void> {
  return page.locator('main:not([data-state="loading"])').waitFor({ timeout });
}

/** Opens every closed row. */
export async function openRows(page: Page): Promise<void> {
  const closed = page.locator("details.row:not([open]) > summary");
  while ((await closed.count()) > 0) await closed.first().click();
  await settled(page);
}

/** The titles of a page's panels that are in this state, each with the text that the panel shows. */
export async function panelsThat(
  page: Page,
  state: "empty" | "error",
): Promise<Record<string, string>> {
  const panels = await page.locator(`article[data-state="${state}"]`).all();
  return Object.fromEntries(
    await Promise.all(
      panels.map(async (panel) => [
        await panel.locator("h3").innerText(),
        await panel.locator(".body").innerText(),
      ]),
    ),
  ) as Record<string, string>;
}
