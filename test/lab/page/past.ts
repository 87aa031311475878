/** A real Prometheus with an hour of history, including what its rules and alerts would have recorded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { evaluatePast } from "../../../lab/prometheus/pastRules.ts";
import { PrometheusServer } from "../../../lab/prometheus/server.ts";
import { pastPage } from "../../prometheus/pastPage.ts";
import { servePages } from "../../prometheus/servePages.ts";
import { gpuPage, PAST, realisticFleet, SCRAPE } from "./fleet.ts";

export interface Past {
  url: string;
  /** Unix time of the last scrape of the fleet. */
  end: number;
  stop(): Promise<void>;
}

/** @param rules Rule files by name, as in the stack. */
export async function startWithPast(rules: Record<string, string>): Promise<Past> {
  const end = Math.floor(Date.now() / 1000 / SCRAPE) * SCRAPE;
  const folder = mkdtempSync(join(tmpdir(), "vllm-observability-rules-"));
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, name), text);
  const pages = pagesOf(end - PAST);
  const asked = new Set<string>();
  const { address, stop } = await servePages((request, response) => {
    const path = request.url ?? "";
    response.setHeader("content-type", "text/plain; version=0.0.4");
    // Serve each page once: Prometheus does not need to scrape it again.
    response.end(asked.has(path) ? "" : (pages.get(path) ?? ""));
    if (pages.has(path)) asked.add(path);
  });
  const prometheus = await PrometheusServer.start(
    (own) =>
      stringify({
        global: { scrape_interval: `${SCRAPE}s`, evaluation_interval: "5s" },
        rule_files: Object.keys(rules).map((name) => join(folder, name)),
        storage: {
          tsdb: {
            // Each target's history is older than the newest sample of the targets ingested before it.
            out_of_order_time_window: "4h",
            retention: { time: "30d", size: "10GB" },
          },
        },
        scrape_configs: [
          { job_name: "prometheus", scrape_interval: "1s", static_configs: [{ targets: [own] }] },
          // Long enough to read a server's whole history on a busy machine.
          pastJob("past", "5s", address, [...pages.keys()]),
          pastJob("recorded", "1s", address, RECORDED),
          pastJob("alerts", "1s", address, [ALERTS]),
        ],
      }),
    // Prometheus writes a staleness marker where a rule's series ends, but a text page cannot. With the
    // default lookback, a series that ended would continue for five minutes.
    { lookback: `${SCRAPE}s` },
  );
  const stopAll = async () => {
    await prometheus.stop();
    await stop();
    rmSync(folder, { recursive: true });
  };
  try {
    await takenIn(prometheus, "past", pages.size);
    let wave = 0;
    const range = { start: end - PAST, end, step: SCRAPE };
    await evaluatePast(prometheus.url, rules, range, async (series, what) => {
      const path = what === "alerts" ? ALERTS : RECORDED[wave++];
      if (path === undefined) throw new Error("Rules need each other more deeply than expected.");
      pages.set(path, pastPage(series));
      asked.delete(path);
      await takenIn(prometheus, what, what === "alerts" ? 1 : wave);
    });
  } catch (error) {
    await stopAll();
    throw error;
  }
  return { url: prometheus.url, end, stop: stopAll };
}

/** A job whose targets are paths of one HTTP server. Each path names the server that its samples are from. */
function pastJob(name: string, interval: string, address: string, paths: string[]): object {
  return {
    ...{ job_name: name, scrape_interval: interval, honor_labels: true },
    static_configs: paths.map((path) => ({
      targets: [address],
      labels: { __metrics_path__: path, instance: path.slice(1) },
    })),
    metric_relabel_configs: [{ source_labels: ["__name__"], regex: ".+_created", action: "drop" }],
  };
}

/** Paths for recorded series: first those of rules without dependencies, then those that depend on them. */
const RECORDED = Array.from({ length: 6 }, (_, index) => `/recorded-${index}`);

/** The path for active alerts. */
const ALERTS = "/alerts";

/** The pages of all servers, each with its whole history: Prometheus accepts samples with timestamps. */
function pagesOf(epoch: number): Map<string, string> {
  const fleet = realisticFleet(epoch);
  const pages = new Map<string, string[]>([...fleet.names, "gpu-host"].map((name) => [name, []]));
  const exporter = (time: number) => ({
    job: "gpu",
    instance: "gpu-host:9400",
    text: gpuPage(time),
  });
  for (let time = 0; time <= PAST; time += SCRAPE) {
    fleet.advance(time);
    for (const [name, past] of pages) {
      const { job, instance, text } =
        name === "gpu-host"
          ? exporter(time)
          : { job: "vllm", instance: `${name}:8000`, text: fleet.exposition(name) };
      past.push(stamped({ job, instance }, text, epoch + time));
    }
  }
  return new Map([...pages].map(([name, past]) => [`/${name}`, past.join("")]));
}

/** A page as Prometheus would have stored it at `time` (in seconds), with the metrics it adds per scrape. */
function stamped(target: Record<string, string>, text: string | undefined, time: number): string {
  const labels = Object.entries(target)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
  const count = text?.match(/^[^#\n]/gm)?.length ?? 0;
  const notes = [
    `up ${text === undefined ? 0 : 1}`,
    `scrape_duration_seconds ${0.004 + count * 0.000_01}`,
    `scrape_samples_scraped ${count}`,
    `scrape_samples_post_metric_relabeling ${count}`,
    "scrape_series_added 0",
    "",
  ].join("\n");
  return ((text ?? "") + notes)
    .replace(/^#.*\n/gm, "")
    .replace(
      /^([\w:]+)(?:\{(.*)\})? (\S+)$/gm,
      (_, name: string, own: string | undefined, value: string) => {
        const all = own === undefined || own === "" ? labels : `${own},${labels}`;
        return `${name}{${all}} ${value} ${time * 1000}`;
      },
    );
}

/** Waits until Prometheus has ingested a page of this many targets. It ingests each page as a whole. */
async function takenIn(prometheus: PrometheusServer, job: string, targets: number): Promise<void> {
  const query = `count(max_over_time(scrape_samples_scraped{job="${job}"}[1h]) > 0)`;
  const begin = performance.now();
  for (;;) {
    const [count] = await prometheus.query(query);
    if (Number(count?.value[1] ?? 0) >= targets) return;
    if (performance.now() - begin > 90_000)
      throw new Error("Prometheus does not take in the past.");
    await sleep(200);
  }
}
