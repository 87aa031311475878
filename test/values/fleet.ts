/** The fleet whose numbers the dashboards must show. Each server provides data for some panels. */
import { createFleet, type Fleet } from "../../lab/simulator/fleet.ts";
import { scenarios } from "../../lab/simulator/scenarios.ts";

/** Seconds from the fleet's start to the time at which the dashboards are queried. */
export const END = 900;

/** Seconds between two scrapes, the stack's default. */
export const SCRAPE = 5;

/** Just after a scrape, so that nothing happens between the last one and a death. */
const AFTER_SCRAPE = 0.001;

/** The ranks of the engines that hang from `HANG` on, by server: one engine per server. */
export const HUNG: Readonly<Record<string, number>> = { stuck: 0, half: 1 };

/** Early enough that no five-minute window at the end contains a step of these engines. */
const HANG = END - 360;

/**
 * When the dead server died: so long ago that the rules no longer record its last five minutes, and
 * that queries, which look back another five minutes, no longer find those recordings.
 */
const DEATH = 240 + AFTER_SCRAPE;

export function fleetOfAllKinds(epoch: number): Fleet {
  const fleet = createFleet({
    seed: 7,
    epoch,
    servers: [
      {
        ...{ name: "llama-a", model: "llama" },
        workload: { rate: 2, images: 0.2, errors: 0.02 },
        engine: { parameters: 8e9 },
      },
      { name: "llama-b", model: "llama", scenario: "dataParallel", workload: { rate: 4 } },
      {
        ...{ name: "qwen-a", model: "qwen", scenario: "burst" },
        extras: scenarios.extras.extras,
      },
      // Its length histograms have a lower last bucket than those of the other servers.
      { name: "qwen-b", model: "qwen", scenario: "preempting", engine: { parameters: 32e9 } },
      {
        ...{ name: "coder", model: "coder", workload: { rate: 1.5, disconnects: 0.1 } },
        engine: { speculative: { tokens: 4, acceptance: 0.7 }, lora: ["sql", "review"] },
      },
      { name: "mistral", model: "mistral", scenario: "apiServers", workload: { errors: 0.1 } },
      // Two with KV connectors, some of them on both; without `_created`, since they expose a lot of series.
      {
        ...{ name: "phi-a", model: "phi", scenario: "remoteCache", apiServers: 2 },
        engine: { connectors: [...scenarios.remoteCache.engine.connectors, "simpleOffload"] },
      },
      {
        ...{ name: "phi-b", model: "phi", scenario: "hostCache", apiServers: 2 },
        engine: {
          connectors: [...scenarios.hostCache.engine.connectors, "nixl", "mooncake"],
        },
      },
      { name: "small", model: "small", scenario: "rejecting", engine: { maxRunning: 12 } },
      // One for each verdict that no other server gets: queue-bound, prefill-bound and decode-bound.
      {
        ...{ name: "queue", model: "queue", workload: { rate: 2.5, patience: 30 } },
        engine: { maxRunning: 8 },
      },
      {
        ...{ name: "prefill", model: "prefill" },
        workload: { rate: 0.1, prompt: { median: 1500, spread: 0.1 } },
        engine: { step: { base: 0.018, perRequest: 0.0004, perPrefillToken: 0.001 } },
      },
      {
        ...{ name: "decode", model: "decode", workload: { rate: 0.2 } },
        engine: { step: { base: 0.15, perRequest: 0.0004, perPrefillToken: 0.00008 } },
      },
      // Long answers, none of which finishes, with a queue behind them.
      {
        ...{ name: "backlog", model: "backlog" },
        workload: { rate: 0.5, output: { median: 2000, spread: 0.1 }, patience: 3600 },
        engine: { maxRunning: 4, step: { base: 3, perRequest: 0, perPrefillToken: 0 } },
      },
      { name: "embedding", model: "embedding", scenario: "embedding" },
      {
        ...{ name: "idle", model: "unused", scenario: "idle" },
        changes: [
          // Prometheus does not count the first occurrence.
          ...([400, 600] as const).map((at) => ({ at, do: "sleep", level: 2 }) as const),
          ...([500, 890] as const).map((at) => ({ at, do: "wake" }) as const),
        ],
      },
      {
        ...{ name: "asleep", model: "asleep", workload: { rate: 1 } },
        changes: [{ at: 60, do: "sleep", level: 1 }],
      },
      {
        ...{ name: "stuck", model: "stuck", workload: { rate: 2 } },
        changes: [{ at: HANG, do: "hang" }],
      },
      // One rank hangs behind another that works.
      {
        ...{ name: "half", model: "half", scenario: "dataParallel", workload: { rate: 4 } },
        changes: [{ at: HANG, do: "hang", rank: HUNG.half }],
      },
      // It never answered, so its model is unknown.
      { name: "never", model: "unknown" },
      {
        ...{ name: "gone", model: "gone", workload: { rate: 1 } },
        changes: [{ at: DEATH, do: "kill" }],
      },
      {
        ...{ name: "restarted", model: "restarted", workload: { rate: 2 } },
        changes: [{ at: 700 + AFTER_SCRAPE, do: "restart", seconds: 20 }],
      },
      // It is back before the next scrape, so its counters reset within every window.
      {
        ...{ name: "crashed", model: "restarted" },
        // Short answers, so that all its counters have values again soon.
        workload: { rate: 6, invalid: 0, output: { median: 20, spread: 0.3 } },
        changes: [{ at: END - 10 + AFTER_SCRAPE, do: "restart", seconds: 4 }],
      },
    ],
    routers: [{ name: "router", servers: ["llama-a", "llama-b"] }],
  });
  fleet.apply("never", { do: "kill" });
  return fleet;
}

/** One fleet with every release that the dashboards know, each with its own metric names. */
export function fleetOfAllVersions(epoch: number): Fleet {
  return createFleet({
    seed: 8,
    epoch,
    servers: (["0.8", "0.10", "0.11", "0.12", "0.18", "0.32"] as const).map((version) => ({
      ...{ name: `v${version}`, model: version === "0.8" ? "old" : "new", version },
      // Old releases count errors as aborts.
      workload: { rate: 1.5, errors: 0.1 },
    })),
  });
}
