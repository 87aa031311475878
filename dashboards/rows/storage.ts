import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters, math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import {
  timeSeriesPanel,
  percentileTimeSeriesPanel,
  stackedTimeSeriesPanel,
  STATUS_COLOURS,
} from "../panels/index.ts";
import { percentile, type Queries } from "../queries.ts";

const EMPTY = "Not scraped yet";

/** What Prometheus keeps. */
export function storageRow({ q, bounds }: Queries): Row {
  const third = { width: 8, empty: EMPTY };
  return {
    title: "Prometheus: storage",
    panels: [
      timeSeriesPanel({
        ...third,
        title: "Series in memory",
        question: "How many series are active, and does their number grow?",
        advice: "Growing without more servers: see New series per scrape.",
        unit: units.Short,
        queries: [{ expr: q.sum(exporters.headSeries), legend: "Series" }],
      }),
      timeSeriesPanel({
        ...third,
        title: "Series churn",
        question: "How many series are created and removed per second?",
        advice: "Peaks are restarts of servers; a steady churn makes queries slow.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(exporters.headSeriesCreated), legend: "Created" },
          { expr: q.rate(exporters.headSeriesRemoved), legend: "Removed" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Samples appended",
        question: "How many samples are stored per second, plain ones and whole histograms?",
        advice: "A drop: targets are down. A rise: more servers, or a shorter scrape interval.",
        unit: units.OpsPerSecond,
        queries: [
          { expr: q.rate(exporters.samplesAppended, { by: ["type"] }), legend: "{{type}}" },
        ],
      }),
      stackedTimeSeriesPanel({
        ...third,
        title: "Disk used",
        question:
          "What uses the disk: blocks, the write-ahead log, or chunks of the series in memory?",
        advice:
          "Near retention.size, the oldest blocks are deleted: raise it if that is too early.",
        unit: units.BytesIEC,
        queries: [
          { expr: q.sum(exporters.blocksSize), legend: "Blocks" },
          { expr: q.sum(exporters.walSize), legend: "Write-ahead log" },
          { expr: q.sum(exporters.headChunksSize), legend: "Chunks in memory" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Retention",
        question: "How old is the oldest sample, and how old may it get?",
        advice: "The first line stays below the second: retention.size deletes samples early.",
        unit: units.DurationSeconds,
        queries: [
          { expr: math`time() - ${q.min(exporters.oldestSample)}`, legend: "Oldest sample" },
          { expr: q.max(exporters.retentionTime), legend: "Limit" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Storage faults",
        question:
          "Did Prometheus fail to compact its data or to write its write-ahead log, or was that log corrupt?",
        advice: "A full or broken disk: look at the volume, and at Prometheus's log.",
        unit: units.Short,
        queries: [
          { expr: q.increase(exporters.compactionFailures), legend: "Failed compactions" },
          { expr: q.increase(exporters.walWriteFailures), legend: "Failed writes" },
          { expr: q.increase(exporters.walTruncationFailures), legend: "Failed truncations" },
          { expr: q.increase(exporters.walCorruptions), legend: "Corruptions" },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Memory of Prometheus and Grafana",
        question: "How much memory do Prometheus and Grafana use?",
        advice:
          "Near the container's limit, they are killed: raise prometheus.memory or grafana.memory.",
        unit: units.BytesIEC,
        queries: [
          {
            expr: math`max by (job) (${q.series(metrics.processResidentMemory)} and on (job, instance) (${q.series(exporters.prometheusBuild)} or ${q.series(exporters.grafanaBuild)}))`,
            legend: "{{job}}",
          },
        ],
      }),
      percentileTimeSeriesPanel({
        ...third,
        title: "Dashboard queries",
        question: "How long do the slowest 5 % of dashboard queries take in Prometheus, at least?",
        advice:
          "Seconds: shorten the time range, choose fewer instances, or give Prometheus more memory.",
        unit: units.Seconds,
        buckets: bounds(exporters.prometheusHttpDuration),
        queries: [
          percentile(q, 0.95, exporters.prometheusHttpDuration, {
            by: ["handler"],
            where: { handler: ["/api/v1/query", "/api/v1/query_range"] },
            legend: "{{handler}}",
          }),
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Answers of Prometheus",
        question: "How many answers does Prometheus give, by HTTP status?",
        advice: "4xx: a query is wrong. 5xx: queries run out of time or memory.",
        unit: units.RequestsPerSecond,
        colours: STATUS_COLOURS,
        queries: [
          { expr: q.rate(exporters.prometheusHttpRequests, { by: ["code"] }), legend: "{{code}}" },
        ],
      }),
    ],
  };
}
