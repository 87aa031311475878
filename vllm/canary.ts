import { exporters } from "./exporters/index.ts";
import type { TargetLabel } from "./matchers.ts";
import type { perEngine } from "./metric.ts";
import { math } from "./math.ts";
import type { Promql } from "./promql.ts";

/**
 * A rank counts as not answering from this many failed completions in a row: a single failure may be a
 * restart of something in between. With the canary's default interval, the second failure is known after 80
 * s.
 */
export const CANARY_FAILURES = 2;

/**
 * Ranks that do not answer the canary, aggregated by some labels: the value is the number of completions
 * that failed in a row. No series if there is no canary, or if it sees no fault.
 */
export function canaryFailing(
  q: Promql,
  by: readonly (TargetLabel | keyof typeof perEngine)[],
): string {
  return math`${q.max(exporters.canaryFailures, { by })} >= ${CANARY_FAILURES}`;
}
