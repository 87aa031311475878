/** A real Prometheus that has scraped a fleet's history. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { ruleOptions } from "../../plan.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { AVAILABLE, MODEL_OF_TARGET, STALLED } from "../../slo/recorded.ts";
import { recordingRules, type RuleOptions } from "../../prometheus/rules/index.ts";
import type { Version } from "../../vllm/index.ts";
import { groupObject } from "../../prometheus/rules/rule.ts";
import { parseSettings } from "../../settings.ts";
import { evaluatePast, type PastSeries } from "../../lab/prometheus/pastRules.ts";
import { RECORDED } from "./askedPanels.ts";
import { END, HUNG } from "./fleet.ts";
import { RULE_LOOKBACK } from "./fleetPart.ts";
import { PrometheusServer, type InstantSeries } from "../../lab/prometheus/server.ts";
import { pastPage } from "../prometheus/pastPage.ts";
import { servePages } from "../prometheus/servePages.ts";

/** One target: the page with its history, and what it answers afterwards (undefined: it does not answer). */
export interface ScrapedTarget {
  job: string;
  past: string;
  now: string | undefined;
}

/** An answer's series; native histograms have no `value`. */
export type QueryAnswer = Partial<Pick<InstantSeries, "value">> & {
  metric: Record<string, string>;
  histogram?: [time: number, Distribution];
};

export interface Distribution {
  buckets?: [boundary: number, low: string, high: string, count: string][];
}

export interface Scraped {
  /** The address at which each target is scraped. */
  addresses: ReadonlyMap<string, string>;
  /** The name of the target at an address. */
  names: ReadonlyMap<string, string>;
  query(expr: string): Promise<QueryAnswer[]>;
  /** Queries at the current time: Prometheus has metrics about itself only up to now. */
  queryNow(expr: string): Promise<QueryAnswer[]>;
}

/** How the stack stores histograms, and which releases it expects. */
type Stored = Pick<RuleOptions, "histograms" | "oldestVersion">;

/** The forms in which a stack can store histograms. */
export const FORMS = ["classic", "native"] as const;

/** One Prometheus for each form. Both run while the tests of a file run. */
export function scrapeInBothForms(
  targets: ReadonlyMap<string, ScrapedTarget>,
  time: number,
  oldestVersion?: Version,
): Record<(typeof FORMS)[number], Scraped> {
  const scraped: Partial<Record<(typeof FORMS)[number], Scraped>> = {};
  // Filled as processes start, so that all are stopped even if one of them never gets ready.
  const stops: (() => Promise<void>)[] = [];
  before(async () => {
    await Promise.all(
      FORMS.map(async (form) => {
        scraped[form] = await scrapeAll(targets, { histograms: form, oldestVersion }, time, stops);
      }),
    );
  });
  after(async () => {
    await Promise.all(stops.map((stop) => stop()));
  });
  return scraped as Record<(typeof FORMS)[number], Scraped>;
}

/**
 * Starts the targets and a Prometheus with the stack's own scrape configuration. Waits until Prometheus
 * has the history of each target and knows which ones are dead.
 *
 * @param time Unix time of the queries, shortly after now.
 * @param stops Receives a function that stops each process started here.
 */
async function scrapeAll(
  targets: ReadonlyMap<string, ScrapedTarget>,
  stored: Stored,
  time: number,
  stops: (() => Promise<void>)[],
): Promise<Scraped> {
  const { histograms } = stored;
  const served = await Promise.all(
    [...targets].map(async ([name, target]) => ({ name, ...(await serveTarget(target)) })),
  );
  stops.push(...served.map(({ stop }) => stop));
  const addresses = new Map(served.map(({ name, address }) => [name, address]));
  const jobs = new Set([...targets.values()].map(({ job }) => job));
  const ofJob = (job: string) =>
    [...targets].flatMap(([name, target]) =>
      target.job === job ? [addresses.get(name) ?? ""] : [],
    );
  const folder = mkdtempSync(join(tmpdir(), "vllm-observability-values-"));
  const live = join(folder, "live.yml");
  writeFileSync(live, LIVE_RULES);
  const recorded = await serveRecorded();
  stops.push(recorded.stop);
  const prometheus = await PrometheusServer.start((own) =>
    withRecordedJob(
      histograms,
      recorded.address,
      prometheusConfig({
        histograms,
        // Short, but long enough to read all histories on a busy machine: it is also the scrape timeout.
        scrapeInterval: "5s",
        evaluationInterval: "1s",
        // One scrape delivers the whole history.
        sampleLimit: 0,
        retention: { time: "1d", size: "1GB" },
        ruleFiles: [live],
        alertmanagers: [],
        own: { prometheus: own },
        gpuExporters: ofJob("gpu"),
        targets: [...jobs]
          .filter((job) => job !== "gpu")
          .map((job) => ({
            job,
            addresses: ofJob(job),
            labels: {},
            scheme: "http",
            metricsPath: "/metrics",
          })),
      }),
    ),
  );
  stops.push(async () => {
    await prometheus.stop();
    rmSync(folder, { recursive: true });
  });
  const awaited = new Set(served.filter(({ hasPast }) => hasPast));
  await until("the past of every target is there", async () => {
    const found = await prometheus.query(`group by (instance) (${ANY})`, time);
    const instances = new Set(found.map(({ metric }) => metric.instance));
    for (const one of awaited) {
      if (!instances.has(one.address)) continue;
      one.forgetPast();
      awaited.delete(one);
    }
    return awaited.size === 0;
  });
  const dead = [...targets.values()].filter(({ now }) => now === undefined).length;
  await until("the dead are known", async () => {
    return (await prometheus.query("up == 0")).length >= dead;
  });
  const span = { start: time - END, end: time, step: RECORDED, lookback: RULE_LOOKBACK };
  let waves = 0;
  await evaluatePast(prometheus.url, pastRules(stored, addresses), span, async (series) => {
    if (series.length === 0) return;
    recorded.add(series);
    const query = `count(max_over_time(scrape_samples_scraped{job="${RECORDED_JOB}"}[1h]) > 0)`;
    waves += 1;
    await until(`wave ${waves} of what the rules record is there`, async () => {
      const [count] = await prometheus.query(query);
      return Number(count?.value[1] ?? 0) >= waves;
    });
  });
  await until("Prometheus has scraped itself often enough for rates", async () => {
    const scrapes = await prometheus.query("count_over_time(prometheus_build_info[1m]) >= 3");
    return scrapes.length > 0;
  });
  return {
    addresses,
    names: new Map([...addresses].map(([name, address]) => [address, name])),
    query: (expr) => prometheus.query(expr, time),
    queryNow: (expr) => prometheus.query(expr),
  };
}

/**
 * The rules whose series the fleet's dashboards read, and stand-ins for two rules: the one that
 * remembers each target's model, and the one that finds stalled engines. These two look back on their
 * own recordings, or on a history that arrives in one scrape. Other tests check what they record.
 */
function pastRules(stored: Stored, addresses: ReadonlyMap<string, string>): Record<string, string> {
  const options = { ...ruleOptions(parseSettings({})), ...stored, canary: true };
  const wanted = recordingRules(options)
    .map((group) => ({
      ...group,
      rules: group.rules.filter(
        ({ record }) => record.startsWith("job_model:") || record === AVAILABLE,
      ),
    }))
    .filter(({ rules }) => rules.length > 0);
  const models = 'last_over_time(vllm:request_success_total{engine!=""}[1h])';
  const stalled = Object.entries(HUNG).flatMap(([name, engine]) => {
    const where = `instance="${addresses.get(name) ?? ""}",engine="${engine}"`;
    const expr = `group by (job, instance, model_name, engine) (vllm:num_requests_running{${where}})`;
    return addresses.has(name) ? [{ record: STALLED, expr }] : [];
  });
  const standIns = [
    { record: MODEL_OF_TARGET, expr: `group by (job, instance, model_name) (${models})` },
    ...stalled,
  ];
  return {
    "fleet.yml": stringify({ groups: wanted.map((group) => groupObject(group, () => "")) }),
    "standIns.yml": stringify({ groups: [{ name: "stand-ins", rules: standIns }] }),
  };
}

/** A live rule, so that the stack's own dashboard has rule evaluations to show. */
const LIVE_RULES = stringify({
  groups: [{ name: "live", rules: [{ record: "job:targets:count", expr: "count by (job) (up)" }] }],
});

/** The job that delivers the recorded series. */
export const RECORDED_JOB = "recorded";

/** Adds a job whose targets are the waves of recorded series. */
function withRecordedJob(histograms: "classic" | "native", address: string, config: string) {
  const { scrape_configs: jobs, ...rest } = parse(config) as { scrape_configs: object[] };
  const own = {
    job_name: RECORDED_JOB,
    honor_labels: true,
    ...(histograms === "native" && {
      scrape_native_histograms: true,
      convert_classic_histograms_to_nhcb: true,
    }),
    static_configs: Array.from({ length: WAVES }, (_, wave) => ({
      targets: [address],
      labels: { __metrics_path__: `/${wave}`, instance: `wave-${wave}` },
    })),
  };
  return stringify({ ...rest, scrape_configs: [...jobs, own] });
}

/** The longest chain of rules that depend on each other. */
export const WAVES = 3;

/** Serves each wave of recorded series once: Prometheus does not need to scrape it again. */
async function serveRecorded() {
  const pages: (string | undefined)[] = [];
  const { address, stop } = await servePages((request, response) => {
    const wave = Number(request.url?.slice(1));
    response.setHeader("content-type", "text/plain; version=1.0.0; charset=utf-8");
    response.end(pages[wave] ?? "");
    pages[wave] &&= "";
  });
  return { address, stop, add: (series: readonly PastSeries[]) => pages.push(pastPage(series)) };
}

/** A selector that matches at least one series of each target, at any time. */
const ANY =
  'last_over_time({__name__=~"vllm:num_requests_running|DCGM_FI_DEV_GPU_UTIL|vllm_canary_success"}[1h])';

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const begin = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begin > 90_000) throw new Error(`Not after 90 s: ${what}.`);
    await sleep(200);
  }
}

async function serveTarget({ past, now }: ScrapedTarget) {
  const hasPast = past !== "";
  let isPast = hasPast;
  const { address, stop } = await servePages((_, response) => {
    const text = isPast ? past : now;
    if (text === undefined) {
      response.destroy();
      return;
    }
    response.setHeader("content-type", "text/plain; version=1.0.0; charset=utf-8");
    response.end(text);
  });
  const forgetPast = () => {
    isPast = false;
  };
  return { address, stop, hasPast, forgetPast };
}
