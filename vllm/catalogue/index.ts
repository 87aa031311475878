/** Every metric that vLLM exposes, of the releases 0.8 to 0.33, as one typed object. */
import { olderThan, type Metric, type Version } from "../metric.ts";
import { apiServer } from "./apiServer.ts";
import { cache } from "./cache.ts";
import { hostCache } from "./hostCache.ts";
import { kvConnectors } from "./kvConnectors.ts";
import { latencies } from "./latency.ts";
import { lora } from "./lora.ts";
import { offloading } from "./offloading.ts";
import { process } from "./process.ts";
import { removed } from "./removed.ts";
import { requests } from "./requests.ts";
import { scheduler } from "./scheduler.ts";
import { sleep } from "./sleep.ts";
import { speculative } from "./speculative.ts";
import { tokens } from "./tokens.ts";

/**
 * The releases whose source was read. `since` and `until` are the first and the last of these that
 * have the metric: it may have come, or stayed, a release or two beyond, up to the next one here.
 */
export const RELEASES_READ = [
  "0.8",
  "0.9",
  "0.10",
  "0.11",
  "0.12",
  "0.13",
  "0.16",
  "0.18",
  "0.23",
  "0.28",
  "0.32",
  "0.33",
] as const;

export { GENERATING_HANDLERS } from "./apiServer.ts";

/** What the newest release exposes. */
export const metrics = {
  ...requests,
  ...tokens,
  ...latencies,
  ...scheduler,
  ...cache,
  ...speculative,
  ...lora,
  ...sleep,
  ...apiServer,
  ...process,
  ...kvConnectors,
  ...offloading,
  ...hostCache,
};

/** What only older releases expose. */
export { removed };

/** What a release exposes by itself, and with the features that need a flag. */
export function exposedBy(version: Version): readonly Metric[] {
  return allMetrics.filter(
    ({ since, until, hiddenSince }) =>
      !(since && olderThan(version, since)) &&
      !(until && olderThan(until, version)) &&
      !(hiddenSince && !olderThan(version, hiddenSince)),
  );
}

/** Both, as a list. */
export const allMetrics: readonly Metric[] = [...Object.values(metrics), ...Object.values(removed)];
