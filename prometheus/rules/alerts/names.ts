/** Every alert by its name, so that settings can name one without making the rules. */
export const ALERT_NAMES = [
  "SloBurnRate1h",
  "SloBurnRate6h",
  "SloBurnRate1d",
  "SloBurnRate3d",
  "VllmTargetDown",
  "VllmTargetFlapping",
  "VllmModelDown",
  "VllmTargetVanished",
  "VllmMetricsVanished",
  "VllmScrapeSlow",
  "VllmEngineRestarts",
  "VllmErrorRatioHigh",
  "VllmHttpErrorRatioHigh",
  "VllmHttpMostlyErrors",
  "VllmAdmissionRejected",
  "VllmNanLogits",
  "VllmQueueGrowing",
  "VllmQueueTimeHigh",
  "VllmKvCacheSaturated",
  "VllmPrefixHitsCollapsed",
  "VllmEngineStalled",
  "VllmAdmissionStalled",
  "VllmNoTokens",
  "VllmGaugesStuck",
  "VllmScrapedTwice",
  "VllmMetricMissing",
  "GpuExporterDown",
  "Watchdog",
  "PrometheusConfigReloadFailed",
  "PrometheusRulesFailing",
  "PrometheusScrapeLimitHit",
  "PrometheusStorageFilling",
  "PrometheusSeriesAbovePlan",
  "AlertmanagerUnreachable",
  "AlertmanagerConfigReloadFailed",
  "AlertmanagerNotificationsFailing",
  "GrafanaDown",
] as const;

export type AlertName = (typeof ALERT_NAMES)[number];

/** The alerts whose names are nearest to one that there is none of, the nearest first. */
export function nearestAlerts(name: string): string[] {
  const distances = ALERT_NAMES.map((known) => ({ known, distance: edits(name, known) }));
  return distances
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ known }) => known);
}

/** How many letters must be put in, left out or changed to make one word of another. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, letter] of Array.from(one).entries()) {
    const next = [above + 1];
    for (const [index, wanted] of Array.from(other).entries()) {
      const changed = (row[index] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
