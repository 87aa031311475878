/** Blocks of Prometheus's storage with the fleet's history, and with what the rules record from it. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { milliseconds } from "../../common/duration.ts";
import { programFiles } from "../../common/programFiles.ts";
import { ruleOptions } from "../../plan.ts";
import { ruleFiles } from "../../prometheus/rules/index.ts";
import type { Settings } from "../../settings.ts";
import { cacheDir, cached } from "../../tools/cache.ts";
import type { Report } from "../../tools/report.ts";
import { run } from "../../tools/run.ts";
import { ensurePrometheusPrograms } from "../kit/images/index.ts";
import { evaluatePast, type PastSeries } from "../prometheus/pastRules.ts";
import { enginesText, fleetSettings } from "./fleet.ts";
import { HOUR, writeHistory } from "./history.ts";
import { interrupted, withFolder } from "./interrupt.ts";
import { createNativeBlocks } from "./nativeBlocks.ts";
import { withPrometheus } from "./withPrometheus.ts";

/** The fleet whose history is generated. */
export interface PastFleet {
  engines: number;
  histograms: Settings["histograms"];
}

/**
 * Starts a Prometheus that has the data of one hour of a fleet, and runs `work` with its URL. The blocks
 * are created once, and again when the simulator or the rules have changed.
 */
export async function withFleet<T>(
  fleet: PastFleet,
  report: Report,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const scraped = await scrapedBlocks(fleet, report);
  const recorded = await recordedBlocks(fleet, scraped, report);
  return withFolder((data) => {
    for (const folder of [scraped, recorded]) addBlocks(folder, data);
    return withBlocks(data, work);
  });
}

/** The folder with the block of what Prometheus scraped. */
function scrapedBlocks(fleet: PastFleet, report: Report): Promise<string> {
  const { engines, histograms } = fleet;
  const make = { classic: createScrapedBlocks, native: createNativeBlocks }[histograms];
  const maker = { classic: "history.ts", native: "nativeBlocks.ts" }[histograms];
  const generator = programFiles(new URL(maker, import.meta.url));
  return cachedData(`${nameOf(fleet)}-scraped`, generator, (folder) =>
    report.step(`Making an hour of ${fleetText(fleet)}`, (update) =>
      make(engines, folder, { update, report }),
    ),
  );
}

function createScrapedBlocks(
  engines: number,
  folder: string,
  { update, report }: { update: (detail: string) => void; report: Report },
): Promise<void> {
  return withFolder(async (temporary) => {
    const file = join(temporary, "history.txt");
    await writeHistory(file, engines, update);
    update("writing blocks");
    await createBlocks(file, folder, report);
  });
}

/** The folder with the blocks of what the rules record from it. */
function recordedBlocks(fleet: PastFleet, scraped: string, report: Report): Promise<string> {
  const settings = fleetSettings(fleet.engines, fleet.histograms);
  const rules = ruleFiles(ruleOptions(settings));
  const step = milliseconds(settings.evaluationInterval) / 1000;
  return cachedData(`${nameOf(fleet)}-recorded`, { ...rules, scraped }, (folder) =>
    report.step(`Evaluating the rules over the hour of ${fleetText(fleet)}`, (update) =>
      withFolder(async (temporary) => {
        const [data, file] = [join(temporary, "data"), join(temporary, "recorded.txt")];
        addBlocks(scraped, data);
        await withBlocks(data, (url) => {
          let wave = 0;
          return evaluatePast(
            url,
            rules,
            { start: HOUR.from, end: HOUR.to, step },
            async (series) => {
              update(`wave ${++wave}: ${series.length} series`);
              if (series.length === 0) return;
              writeFileSync(file, `${series.map(openMetrics).join("")}# EOF\n`);
              await createBlocks(file, folder, report);
              addBlocks(folder, data);
              await blocksLoaded(url, readdirSync(folder).length + 1);
            },
          );
        });
      }),
    ),
  );
}

/** A cache folder, named by a hash of its inputs; older folders of the same data are removed. */
async function cachedData(
  name: string,
  ingredients: Record<string, string>,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(ingredients)).digest("hex");
  const kept = `${name}-${hash.slice(0, 12)}`;
  const folder = join(cacheDir(), kept);
  if (!existsSync(folder)) {
    // This takes minutes, so not in the cache: there an interrupt would leave an unfinished folder.
    await withFolder(async (made) => {
      await fill(made);
      await cached(kept, (empty) => cp(made, empty, { recursive: true }));
    });
  }
  for (const other of readdirSync(cacheDir())) {
    if (other.startsWith(`${name}-`) && other !== kept) {
      rmSync(join(cacheDir(), other), { recursive: true });
    }
  }
  return folder;
}

function nameOf({ engines, histograms }: PastFleet): string {
  return `benchmark-${engines}-${histograms}`;
}

function fleetText({ engines, histograms }: PastFleet): string {
  return `${enginesText(engines)} with ${histograms} histograms`;
}

async function createBlocks(file: string, folder: string, report: Report): Promise<void> {
  const { promtool } = await ensurePrometheusPrograms(report);
  const args = ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, folder];
  await run(promtool, args, { signal: interrupted });
}

/** Copies the missing blocks, each one atomically: Prometheus may look at any time. */
function addBlocks(from: string, to: string): void {
  for (const block of readdirSync(from)) {
    if (existsSync(join(to, block))) continue;
    const unfinished = join(to, `${block}.tmp-for-creation`);
    cpSync(join(from, block), unfinished, { recursive: true });
    renameSync(unfinished, join(to, block));
  }
}

/** The OpenMetrics lines of a series, with times in seconds. */
function openMetrics({ metric: { __name__: name = "", ...labels }, values }: PastSeries): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return values.map(([time, value]) => `${name}{${pairs.join(",")}} ${value} ${time}\n`).join("");
}

/** Waits until Prometheus, which checks once a second, has loaded this many blocks. */
async function blocksLoaded(url: string, count: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const page = await (await fetch(`${url}/metrics`)).text();
    if (Number(/^prometheus_tsdb_blocks_loaded (\d+)$/m.exec(page)?.[1]) >= count) return;
    await sleep(200);
  }
  throw new Error("Prometheus does not load the blocks.");
}

/** Runs `work` with the URL of a Prometheus that scrapes nothing and leaves its blocks as they are. */
function withBlocks<T>(data: string, work: (url: string) => Promise<T>): Promise<T> {
  const flags = [
    // The blocks overlap in time; merging them would use part of the machine for a while.
    "--no-storage.tsdb.allow-overlapping-compaction",
    "--storage.tsdb.block-reload-interval=1s",
    // A block with native histograms ends at its creation time, which would make the other blocks too old.
    "--storage.tsdb.retention.time=100y",
  ];
  return withPrometheus("global: {}\n", { data, flags }, ({ url }) => work(url));
}
