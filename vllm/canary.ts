import { exporters } from "./exporters/index.ts";
import type { TargetLabel } from "./matchers.ts";
import type { perEngine } from "./metric.ts";
import { math } from "./math.ts";
import type { Promql } from "./promql.ts";

/**
 * Failed completions in a row from which on a rank counts as not answering: one may be a restart of
 * something in between. With the canary's default interval the second is known after 80 s.
 */
export const CANARY_FAILURES = 2;

/**
 * Those of which a rank does not answer the canary, by some labels: the value is how many completions
 * failed in a row. Nothing where there is no canary, or where it sees no fault.
 */
export function canaryFailing(
  q: Promql,
  by: readonly (TargetLabel | keyof typeof perEngine)[],
): string {
  return math`${q.max(exporters.canaryFailures, { by })} >= ${CANARY_FAILURES}`;
}
