/** What the dashboard `vLLM / The stack itself` shows. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import { RECORDED_JOB, WAVES } from "./scrapedPrometheus.ts";

/** Panels about Prometheus's own work, whose values the test cannot predict. */
function own(...titles: string[]): is.DashboardValues {
  const entry = is.listed(
    "data",
    "It is what this Prometheus really does, so the value is not known before.",
  );
  return Object.fromEntries(titles.map((title) => [title, entry]));
}

function absent(reason: string, ...titles: string[]): is.DashboardValues {
  return Object.fromEntries(titles.map((title) => [title, is.listed("nothing", reason)]));
}

export const stack: is.DashboardValues = {
  "Targets down": [is.targetsDown()],
  Configuration: [
    { by: [], of: metrics.requestsRunning, parts: (whole) => [whole], value: () => 1 },
  ],
  "Targets per job": [
    {
      by: ["scrape_job"],
      of: metrics.requestsRunning,
      parts: (whole) =>
        [...whole.jobs().keys(), "prometheus", RECORDED_JOB].map((job) =>
          whole.named({ scrape_job: job }),
        ),
      // Prometheus also scrapes itself and the recorded series.
      value: (part) => {
        const { scrape_job: job = "" } = part.labels;
        return part.jobs().get(job) ?? (job === RECORDED_JOB ? WAVES : 1);
      },
    },
  ],
  "Scraped twice": [
    is.blank(
      { by: [], of: metrics.requestsRunning, parts: (whole) => [whole], value: () => 0 },
      "Each server is scraped by one job.",
    ),
  ],
  ...own(
    "Series",
    "Storage used",
    "Oldest sample",
    "Targets",
    "Scrape duration",
    "Samples per target",
    "New series per scrape",
    "Rejected samples and scrapes",
    "Series in memory",
    "Series churn",
    "Samples appended",
    "Disk used",
    "Retention",
    "Storage faults",
    "Memory of Prometheus and Grafana",
    "Dashboard queries",
    "Answers of Prometheus",
    "Time of rule groups",
    "Rule evaluations",
    "Rules that failed or were skipped",
    "Versions",
  ),
  ...absent("This Prometheus has no alerts.", "Alerts now"),
  "Prometheus to Alertmanager": is.listed("data", "Zeros: there is no Alertmanager."),
  ...absent(
    "There is no Alertmanager.",
    "Notifications by receiver",
    "Alerts in Alertmanager",
    "Silences and configuration",
  ),
  ...absent(
    "No Grafana runs in this test.",
    "Grafana's answers",
    "Grafana's answers by status",
    "Grafana at work",
  ),
};
