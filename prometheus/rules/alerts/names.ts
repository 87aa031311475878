import leven from "leven";

/** The name of every alert, so that settings can name one without building the rules. */
export const ALERT_NAMES = [
  "SloErrorBudgetBurn",
  "VllmTargetDown",
  "VllmTargetFlapping",
  "VllmModelDown",
  "VllmModelVanished",
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
  "VllmPreemptionsHigh",
  "VllmPrefixHitsCollapsed",
  "VllmEngineStalled",
  "VllmAdmissionStalled",
  "VllmNoTokens",
  "VllmInstanceSlow",
  "VllmLoadImbalanced",
  "VllmCanaryFailing",
  "VllmCanaryMisconfigured",
  "CanaryDown",
  "VllmScrapedTwice",
  "VllmMetricMissing",
  "GpuExporterDown",
  "GpuXidErrors",
  "GpuMemoryFault",
  "GpuThrottled",
  "Watchdog",
  "PrometheusConfigReloadFailed",
  "PrometheusRulesFailing",
  "PrometheusScrapeLimitHit",
  "PrometheusTimestampsOutOfBounds",
  "PrometheusStorageFilling",
  "PrometheusSeriesAbovePlan",
  "PrometheusNotIngesting",
  "PrometheusWriteFailing",
  "PrometheusCompactionsFailing",
  "PrometheusRemoteWriteFailing",
  "PrometheusRemoteWriteBehind",
  "AlertmanagerUnreachable",
  "AlertmanagerConfigReloadFailed",
  "AlertmanagerNotificationsFailing",
  "GrafanaDown",
] as const;

export type AlertName = (typeof ALERT_NAMES)[number];

/** The error for a name that no alert has, with the alerts whose names are most similar. */
export function notAnAlert(name: string): string {
  const distances = ALERT_NAMES.map((known) => ({ known, distance: leven(name, known) }));
  const nearest = distances.sort((a, b) => a.distance - b.distance).slice(0, 3);
  return `is not an alert: give one such as ${nearest.map(({ known }) => known).join(", ")} (docs/alerts.md lists them all), or remove it.`;
}
