import type { DashboardName, Links } from "../ruleOptions.ts";

/**
 * URL of a dashboard with the alert's labels as its variables, a Prometheus template. The URL contains no
 * time: only the notification knows when it is sent.
 */
export function dashboardUrl(links: Links, dashboard: DashboardName, ...labels: string[]): string {
  const variables = labels.map((label) => `var-${label}={{ $labels.${label} | urlquery }}`);
  return [
    links.dashboard(dashboard),
    ...(variables.length === 0 ? [] : [variables.join("&")]),
  ].join("?");
}
