import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel, tablePanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** Whether every target is scraped, and what the scrapes cost. */
export function scrapesRow({ q, now }: Queries, { scrapeTimeout }: DashboardOptions): Row {
  const by = ["job", "instance"] as const;
  const none = "No target";
  const perTarget = (expr: string) => [{ expr, legend: "{{job}} {{instance}}" }];
  // A refused connection fails at once; a target that does not answer uses up the whole timeout.
  const state = math`${now.max(exporters.up, { by })} * 2 + (${now.max(exporters.scrapeDuration, { by })} > bool ${scrapeTimeout / 2})`;
  return {
    title: "Scrapes",
    panels: [
      tablePanel({
        title: "Targets",
        question:
          "Which servers are scraped, and which are down and why? Refused: no server listens, the name is unknown, or the answer is not a metrics page. No answer: the scrape timed out. Prometheus shows the exact error under Status > Target health.",
        advice:
          "Refused: is vLLM running, on that port, with --host 0.0.0.0? No answer: a firewall blocks it, or the server hangs.",
        height: 10,
        empty: none,
        labels: [
          { label: "job", title: "Job", width: 200 },
          { label: "instance", title: "Instance" },
        ],
        sortBy: { title: "State", descending: false },
        columns: [
          {
            title: "State",
            expr: state,
            unit: units.Short,
            width: 140,
            mappings: words([
              { value: 0, text: "Down: refused", color: "red" },
              { value: 1, text: "Down: no answer", color: "red" },
              { value: 2, text: "Up", color: "green" },
              { value: 3, text: "Up, but slow", color: "orange" },
            ]),
          },
          {
            title: "Last scrape took",
            expr: now.max(exporters.scrapeDuration, { by }),
            unit: units.Seconds,
            width: 140,
            steps: levels({ warning: 1, critical: 3 }),
          },
          {
            title: "Samples exposed",
            expr: now.sum(exporters.scrapeSamples, { by }),
            unit: units.Short,
            decimals: 0,
            width: 140,
          },
          {
            title: "Samples kept",
            expr: now.sum(exporters.scrapeSamplesKept, { by }),
            unit: units.Short,
            decimals: 0,
            width: 140,
          },
          {
            title: "Up over the last day",
            expr: now.avg(exporters.up, { by, window: "1d" }),
            unit: units.PercentUnit,
            decimals: 1,
            width: 160,
          },
        ],
      }),
      timeSeriesPanel({
        title: "Scrape duration",
        question:
          "How long does each target take to answer? Scrapes slow down when a server's API process is busy.",
        advice: "Seconds: more API servers (--api-server-count), or a longer scrape interval.",
        unit: units.Seconds,
        empty: none,
        steps: levels({ warning: 1, critical: 3 }),
        queries: perTarget(q.max(exporters.scrapeDuration, { by })),
      }),
      timeSeriesPanel({
        title: "Samples per target",
        question: "How many samples does each scrape of a target store?",
        advice: "Growing: a label keeps getting new values, such as LoRA's lists of adapters.",
        unit: units.Short,
        empty: none,
        queries: perTarget(q.sum(exporters.scrapeSamplesKept, { by })),
      }),
      timeSeriesPanel({
        title: "New series per scrape",
        question:
          "How many series are new in each scrape? Peaks are restarts; a steady stream fills Prometheus's memory.",
        advice: "A steady stream: find the label that changes, and drop it.",
        unit: units.Short,
        empty: none,
        queries: perTarget(q.sum(exporters.scrapeSeriesAdded, { by })),
      }),
      timeSeriesPanel({
        title: "Rejected samples and scrapes",
        width: 6,
        question:
          "Does Prometheus reject data: late or duplicate samples, wrong timestamps, or more samples than a target may have?",
        advice:
          "Duplicates: one address is in two jobs, or two servers share one address. Too many samples: raise prometheus.sampleLimit. Wrong timestamps: check the clocks; see the runbook PrometheusTimestampsOutOfBounds.",
        unit: units.OpsPerSecond,
        empty: none,
        queries: [
          { expr: q.rate(exporters.samplesOutOfOrder), legend: "Out of order" },
          { expr: q.rate(exporters.samplesDuplicate), legend: "Duplicate" },
          { expr: q.rate(exporters.sampleLimitExceeded), legend: "Too many samples" },
          { expr: q.rate(exporters.samplesOutOfBounds), legend: "Wrong timestamps" },
        ],
      }),
      timeSeriesPanel({
        title: "Targets per job",
        width: 6,
        question: "Does each job have as many targets as it should?",
        advice: "Fewer than expected: compare with the stack's targets.",
        unit: units.Short,
        empty: none,
        queries: [
          {
            expr: q.sum(exporters.scrapePoolTargets, { by: ["scrape_job"] }),
            legend: "{{scrape_job}}",
          },
        ],
      }),
    ],
  };
}
