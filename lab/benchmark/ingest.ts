/** What it costs Prometheus to scrape and store an engine's metrics, by the form in which it stores them. */
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import type { Report } from "../../tools/report.ts";
import type { PrometheusServer } from "../prometheus/server.ts";
import { addresses, fleetSettings, SCRAPE } from "./fleet.ts";
import { scrapeTimes, simulate } from "./history.ts";
import { interrupted } from "./interrupt.ts";
import type { PartOptions } from "./part.ts";
import { bytesText, measured, type Measured } from "./statistics.ts";
import { table } from "./table.ts";
import { withNewPrometheus } from "./withPrometheus.ts";

/** How Prometheus stores what it scrapes: as exposed, or as the product configures it. */
const FORMS = {
  raw: "as exposed, nothing dropped",
  classic: "the product's default",
  native: "the product with native histograms",
} as const;

type Form = keyof typeof FORMS;

/** The costs of one form in one run. */
export interface IngestCost {
  /** Per engine, including the series that Prometheus adds for each scrape. */
  series: number;
  /** On disk, counting only the samples; a native histogram is one sample. */
  bytesPerSample: number;
  /** On disk, for the samples of one scrape of one engine. */
  bytesPerScrape: number;
  /** Resident bytes per engine, on top of those of a Prometheus without targets. */
  memory: number;
  /** Seconds of CPU for one scrape of one engine. */
  cpu: number;
}

/** The number of scraped engines. */
const ENGINES = 50;

/** Enough scrapes for the head to have one full chunk of each series and a second chunk. */
const SCRAPES = 200;

/** Time between scrapes. The pages advance by the fleet's interval, so that values change realistically. */
const INTERVAL = "300ms";

/** Measures the ingestion and returns the text about it. */
export async function measureIngest({ times }: PartOptions, report: Report): Promise<string> {
  const pages = await report.step("Simulating the fleet", (update) => simulate(ENGINES, update));
  const costs: Record<Form, IngestCost[]> = { raw: [], classic: [], native: [] };
  // The forms alternate, so that a temporary load on the machine affects all of them.
  for (let time = 1; time <= times; time++) {
    for (const form of Object.keys(FORMS) as Form[]) {
      await report.step(`Scraping ${FORMS[form]}, ${time} of ${times}`, async (update) => {
        costs[form].push(await measureForm(form, pages, update));
      });
    }
  }
  return ingestText(costs, times);
}

async function measureForm(
  form: Form,
  pages: readonly (readonly string[])[],
  update: (detail: string) => void,
): Promise<IngestCost> {
  const sent = addresses(ENGINES).map(() => 0);
  const server = createServer((request, response) => {
    const engine = Number(request.url?.slice(1));
    const scrape = sent[engine] ?? 0;
    sent[engine] = scrape + 1;
    response.setHeader("Content-Type", "text/plain; version=0.0.4");
    response.end(pages[engine % pages.length]?.[scrape % scrapeTimes().length]);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const empty = await withNewPrometheus(stringify({ global: {} }), [], memoryAndCpu);
    return await withNewPrometheus(
      ingestConfig(form, port),
      [],
      async (prometheus, snapshot): Promise<IngestCost> => {
        while (Math.min(...sent) < SCRAPES) {
          update(`${Math.min(...sent)} of ${SCRAPES} scrapes`);
          await sleep(200, undefined, { signal: interrupted });
        }
        const scrapes = sent.reduce((sum, count) => sum + count, 0);
        const used = await memoryAndCpu(prometheus);
        const { bytes, samples } = sizeOf(await snapshot());
        return {
          series: used.series / ENGINES,
          bytesPerSample: bytes / samples,
          bytesPerScrape: bytes / scrapes,
          memory: (used.memory - empty.memory) / ENGINES,
          cpu: (used.cpu - empty.cpu) / scrapes,
        };
      },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** A scrape job for engines that one server simulates, each under its own path. */
export function ingestConfig(form: Form, port: number): string {
  const settings = fleetSettings(ENGINES, form === "native" ? "native" : "classic");
  const { config } = planStack(settings, demo).monitoring.prometheus;
  const [job] = (parse(config) as { scrape_configs: Record<string, unknown>[] }).scrape_configs;
  return stringify({
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL },
    scrape_configs: [
      {
        ...job,
        ...(form === "raw" && { metric_relabel_configs: [] }),
        static_configs: addresses(ENGINES).map((instance, index) => ({
          targets: [`127.0.0.1:${port}`],
          labels: { instance, __metrics_path__: `/${index}` },
        })),
      },
    ],
  });
}

/** What a Prometheus reports about itself. */
async function memoryAndCpu({
  url,
}: PrometheusServer): Promise<{ memory: number; cpu: number; series: number }> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(page)?.[1]);
  return {
    memory: value("process_resident_memory_bytes"),
    cpu: value("process_cpu_seconds_total"),
    series: value("prometheus_tsdb_head_series"),
  };
}

/** The number of samples in a folder of blocks, and the bytes of their chunks. */
function sizeOf(folder: string): { bytes: number; samples: number } {
  let [bytes, samples] = [0, 0];
  for (const block of readdirSync(folder)) {
    const meta = readFileSync(join(folder, block, "meta.json"), "utf8");
    samples += (JSON.parse(meta) as { stats: { numSamples: number } }).stats.numSamples;
    const chunks = join(folder, block, "chunks");
    for (const file of readdirSync(chunks)) bytes += statSync(join(chunks, file)).size;
  }
  return { bytes, samples };
}

/** The table: one row for each form. */
export function ingestText(costs: Record<Form, readonly IngestCost[]>, times: number): string {
  const cell = (all: readonly IngestCost[], what: keyof IngestCost, text: (n: number) => string) =>
    spreadText(measured(all.map((cost) => cost[what])), text);
  return [
    `What one engine costs Prometheus, which scrapes ${ENGINES} of them ${SCRAPES} times: median of ${times}, with the least and the most. Memory is beyond that of a Prometheus without targets. The last column is the CPU time of a scrape as a share of one CPU with 100 engines at ${SCRAPE} s. Scrapes come faster here than in a stack, with values as at ${SCRAPE} s.`,
    table(
      [
        ...["kept", "series", "bytes per sample", "bytes per scrape", "memory", "CPU per scrape"],
        "CPU of 100 engines",
      ],
      (Object.keys(FORMS) as Form[]).map((form) => [
        FORMS[form],
        cell(costs[form], "series", (count) => String(Math.round(count))),
        cell(costs[form], "bytesPerSample", (bytes) => bytes.toFixed(2)),
        cell(costs[form], "bytesPerScrape", (bytes) => String(Math.round(bytes))),
        cell(costs[form], "memory", bytesText),
        cell(costs[form], "cpu", (seconds) => `${(1000 * seconds).toFixed(2)} ms`),
        cell(costs[form], "cpu", (seconds) => `${((100 * 100 * seconds) / SCRAPE).toFixed(2)} %`),
      ]),
    ),
  ].join("\n\n");
}

function spreadText({ median, least, most }: Measured, text: (value: number) => string): string {
  return `${text(median)} (${text(least)}–${text(most)})`;
}
