/** The history of the benchmark's fleet as OpenMetrics: the same bytes for the same size. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { createFleet } from "../simulator/fleet.ts";
import { addresses, SCRAPE, SEED, simulatedServers } from "./fleet.ts";

/** The start of the history, 2026-01-01T00:00:00Z; a block of Prometheus's storage starts then too. */
const START = 1_767_225_600;

/** How many seconds before the displayed hour the rules look back. */
const LOOK_BACK = 600;

/** The displayed hour. */
export const HOUR = { from: START + LOOK_BACK, to: START + LOOK_BACK + 3600 };

/** The values of one series at each scrape; undefined where the series was missing. */
export interface Column {
  name: string;
  /** As in the exposition, without braces. */
  labels: string;
  values: (string | undefined)[];
}

/** Writes the file, one series after the other. */
export async function writeHistory(
  file: string,
  engines: number,
  progress: (detail: string) => void,
): Promise<void> {
  const simulated = (await simulate(engines, progress)).map(columnsOf);
  const times = scrapeTimes();
  const out = createWriteStream(file, { highWaterMark: 1 << 22 });
  for (const [index, instance] of addresses(engines).entries()) {
    progress(`writing engine ${index + 1} of ${engines}`);
    for (const column of simulated[index % simulated.length] ?? []) {
      if (!out.write(seriesText(column, { job: "vllm", instance }, times))) {
        await once(out, "drain");
      }
    }
  }
  out.end("# EOF\n");
  await finished(out);
}

/** The lines of one series of a target. */
export function seriesText(
  { name, labels, values }: Column,
  { job, instance }: { job: string; instance: string },
  times: readonly number[],
): string {
  const own = labels === "" ? "" : `${labels},`;
  const series = `${name}{${own}job="${job}",instance="${instance}"}`;
  return values
    .map((value, index) => (value === undefined ? "" : `${series} ${value} ${times[index] ?? 0}\n`))
    .join("");
}

/** The pages of each simulated server, one for each scrape. */
export async function simulate(
  engines: number,
  progress: (detail: string) => void,
): Promise<string[][]> {
  const servers = simulatedServers(engines);
  const fleet = createFleet({ seed: SEED, epoch: START, remember: 0, servers });
  const pages = servers.map(() => [] as string[]);
  for (const time of scrapeTimes().map((time) => time - START)) {
    progress(`simulating minute ${Math.ceil(time / 60)} of ${(LOOK_BACK + 3600) / 60}`);
    // Otherwise interrupts would go unnoticed until the simulation ends.
    await setImmediate();
    fleet.advance(time);
    for (const [index, { name }] of servers.entries()) {
      pages[index]?.push(fleet.exposition(name) ?? "");
    }
  }
  return pages;
}

/** When the servers are scraped, in seconds. */
export function scrapeTimes(): number[] {
  const count = (LOOK_BACK + 3600) / SCRAPE + 1;
  return Array.from({ length: count }, (_, index) => START + index * SCRAPE);
}

/** The series of a target's pages, including those that Prometheus adds for each scrape. */
export function columnsOf(pages: readonly string[]): Column[] {
  const columns = new Map<string, Column>();
  for (const [index, page] of pages.entries()) {
    const samples = page.split("\n").filter(isKept);
    for (const line of [...samples, ...notesOf(samples.length)]) {
      const [, series = "", name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
      let column = columns.get(series);
      if (!column) {
        column = { name, labels, values: Array.from({ length: pages.length }) };
        columns.set(series, column);
      }
      column.values[index] = value;
    }
  }
  return [...columns.values()];
}

/** The series that Prometheus adds for a scrape with this many samples. */
export function notesOf(samples: number): string[] {
  return [
    "up 1",
    "scrape_duration_seconds 0.012",
    `scrape_samples_scraped ${samples}`,
    `scrape_samples_post_metric_relabeling ${samples}`,
    "scrape_series_added 0",
  ];
}

/** Whether a line is a sample that is kept: `_created` samples are dropped. */
export function isKept(line: string): boolean {
  return /^(?!#|[\w:]+_created\b)./.test(line);
}

/** A sample's series, name, labels and value. */
export const SAMPLE = /^(([\w:]+)(?:\{(.*)\})?) (\S+)$/;
