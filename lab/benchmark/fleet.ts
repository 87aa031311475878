/** The fleet of the benchmark: any number of vLLM servers, derived from a few simulated ones. */
import type { FakeServerOptions } from "../simulator/scenarios.ts";
import { parseSettings, type Settings } from "../../settings.ts";

/** The measured sizes, in engines; each server has one engine. */
export const SIZES = [1, 50, 100, 500] as const;

export const SEED = 12;

/** Seconds between two scrapes. */
export const SCRAPE = 15;

/** The models that the servers serve in turn. */
export const MODELS = ["llama-3.1-8b", "qwen3-32b", "mistral-small-24b", "gemma-3-27b"] as const;

/** The number of simulated servers; the other servers of a larger fleet repeat their values. */
const SIMULATED = 20;

/** The servers to simulate for a fleet of this many engines. */
export function simulatedServers(engines: number): FakeServerOptions[] {
  return Array.from({ length: Math.min(engines, SIMULATED) }, (_, index) => ({
    name: `simulated-${index}`,
    model: MODELS[index % MODELS.length] ?? MODELS[0],
    workload: { rate: 1 + (index % 5) / 2 },
  }));
}

/** The address of each server. */
export function addresses(engines: number): string[] {
  return Array.from({ length: engines }, (_, index) => `engine-${index}:8000`);
}

/** `1 engine`, `50 engines`. */
export function enginesText(engines: number): string {
  return engines === 1 ? "1 engine" : `${engines} engines`;
}

/** The settings of a stack for the fleet: the defaults, except the scrape interval. */
export function fleetSettings(
  engines: number,
  histograms: Settings["histograms"] = "classic",
): Settings {
  return parseSettings({
    targets: addresses(engines),
    scrapeInterval: `${SCRAPE}s`,
    histograms,
  });
}
