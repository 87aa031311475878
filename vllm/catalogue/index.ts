/** Every metric that vLLM exposes in the releases 0.8 to 0.33, as one typed object. */
import { olderThan, type Metric, type Version } from "../metric.ts";
import { apiServerMetrics } from "./apiServer.ts";
import { cacheMetrics } from "./cache.ts";
import { hostCacheMetrics } from "./hostCache.ts";
import { kvConnectorMetrics } from "./kvConnectors.ts";
import { latencyMetrics } from "./latency.ts";
import { loraMetrics } from "./lora.ts";
import { offloadingMetrics } from "./offloading.ts";
import { processMetrics } from "./process.ts";
import { removed } from "./removed.ts";
import { requestMetrics } from "./requests.ts";
import { schedulerMetrics } from "./scheduler.ts";
import { sleepMetrics } from "./sleep.ts";
import { speculativeMetrics } from "./speculative.ts";
import { tokenMetrics } from "./tokens.ts";

/**
 * The releases whose source was read. `since` and `until` are the first and the last of these that have the
 * metric. Releases between two listed ones were not read, so a metric may have appeared a release or two
 * earlier, or stayed a release or two longer.
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
  ...requestMetrics,
  ...tokenMetrics,
  ...latencyMetrics,
  ...schedulerMetrics,
  ...cacheMetrics,
  ...speculativeMetrics,
  ...loraMetrics,
  ...sleepMetrics,
  ...apiServerMetrics,
  ...processMetrics,
  ...kvConnectorMetrics,
  ...offloadingMetrics,
  ...hostCacheMetrics,
};

/** What only older releases expose. */
export { removed };

/** The metrics that a release exposes by default, and those of features that need a flag. */
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
