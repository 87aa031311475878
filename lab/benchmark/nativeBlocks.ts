/**
 * The history of the benchmark's fleet with native histograms. promtool's backfill cannot create them,
 * so a Prometheus scrapes pages whose samples have past timestamps, as fast as it can.
 */
import { once } from "node:events";
import { cpSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { PrometheusServer } from "../prometheus/server.ts";
import { addresses } from "./fleet.ts";
import { HOUR, isKept, notesOf, SAMPLE, scrapeTimes, simulate } from "./history.ts";
import { interrupted } from "./interrupt.ts";
import { withNewPrometheus } from "./withPrometheus.ts";

/** Writes the blocks to a folder. */
export async function createNativeBlocks(
  engines: number,
  folder: string,
  { update }: { update: (detail: string) => void },
): Promise<void> {
  const times = scrapeTimes();
  const simulated = (await simulate(engines, update)).map((pages) =>
    pages.map((page, index) => timedPage(page, times[index] ?? 0)),
  );
  const shares = sharesOf(addresses(engines), simulated.length);
  const stored = shares.map(() => 0);
  let feed: PrometheusServer | undefined;
  const pageOf = async (share: number) => {
    if (feed === undefined) return undefined;
    // Under load a scrape may fail although its page was sent; then the same page is sent again.
    const [last] = await feed.query(`up{job="feed-${share}"}`);
    const scrape = (stored[share] ?? 0) + Number(last?.value[1] ?? 0);
    stored[share] = scrape;
    const pages = (shares[share] ?? []).map((instance, index) =>
      (simulated[index]?.[scrape] ?? "").replaceAll(INSTANCE, instance),
    );
    return pages.join("");
  };
  const server = createServer((request, response) => {
    const answer = (page: string | undefined) => {
      response.statusCode = page === undefined ? 503 : 200;
      response.setHeader("Content-Type", "text/plain; version=0.0.4");
      response.end(page);
    };
    pageOf(Number(request.url?.slice(1))).then(answer, () => {
      answer(undefined);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await withNewPrometheus(feedConfig(port, shares), FLAGS, async (prometheus, snapshot) => {
      feed = prometheus;
      while (Math.min(...stored) < times.length) {
        update(`scraping ${Math.min(...stored)} of ${times.length} times`);
        await sleep(200, undefined, { signal: interrupted });
      }
      await checkAllStored(prometheus, engines, times.length);
      update("writing blocks");
      cpSync(await snapshot(), folder, { recursive: true });
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const FLAGS = [
  // Otherwise the past timestamps would be too old compared with those of the scrapes.
  "--storage.tsdb.min-block-duration=3650d",
  "--storage.tsdb.max-block-duration=3650d",
  "--storage.tsdb.retention.time=100y",
];

/** Stands for an engine's address in a page. */
export const INSTANCE = "INSTANCE";

/**
 * The part of a page that Prometheus stores, with the time of the scrape in seconds and a placeholder for
 * the target. Types stay, since without them no histogram is converted.
 */
export function timedPage(page: string, time: number): string {
  const lines = page.split("\n");
  const lineAt = (line: string) => {
    if (line.startsWith("# TYPE ")) return `${line}\n`;
    if (!isKept(line)) return "";
    const [, , name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    const own = labels === "" ? "" : `${labels},`;
    return `${name}{${own}job="vllm",instance="${INSTANCE}"} ${value} ${time * 1000}\n`;
  };
  return [...lines, ...notesOf(lines.filter(isKept).length)].map(lineAt).join("");
}

/** The addresses in shares of `size`; each share is one scrape target. */
export function sharesOf(all: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, share) =>
    all.slice(share * size, (share + 1) * size),
  );
}

/** Scrapes the shares as the product scrapes servers with native histograms. */
function feedConfig(port: number, shares: readonly string[][]): string {
  const interval = `${Math.max(100, shares.flat().length * 2)}ms`;
  return stringify({
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: shares.map((_, share) => ({
      job_name: `feed-${share}`,
      metrics_path: `/${share}`,
      honor_labels: true,
      scrape_native_histograms: true,
      convert_classic_histograms_to_nhcb: true,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    })),
  });
}

/** @throws Error if Prometheus does not have every scrape of every engine. */
async function checkAllStored(
  prometheus: PrometheusServer,
  engines: number,
  scrapes: number,
): Promise<void> {
  const window = HOUR.to - (scrapeTimes()[0] ?? 0) + 1;
  const [found] = await prometheus.query(
    `count(count_over_time(up{job="vllm"}[${window}s]) == ${scrapes})`,
    HOUR.to,
  );
  if (found?.value[1] === String(engines)) return;
  throw new Error(`Prometheus has stored ${found?.value[1] ?? 0} of ${engines} engines in full.`);
}
