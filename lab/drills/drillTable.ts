import { DRILLS } from "./faults.ts";
import type { DrillOutcome } from "./drillRun.ts";

/** The results of drills as a Markdown table. */
export function drillTable(outcomes: readonly DrillOutcome[]): string {
  const seconds = (value: number | undefined) =>
    value === undefined ? "—" : `${value.toFixed(1)} s`;
  return [
    "| drill | fault | alert | notified after | resolved after | other alerts |",
    "| --- | --- | --- | --- | --- | --- |",
    ...outcomes.map(
      ({ drill, expected, notifiedAfter, resolvedAfter, others }) =>
        `| ${drill} | ${DRILLS[drill].what} | ${expected ?? "none"} | ${seconds(notifiedAfter)} | ${seconds(resolvedAfter)} | ${others.length === 0 ? "none" : others.join(", ")} |`,
    ),
  ].join("\n");
}
