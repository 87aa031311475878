import * as units from "@grafana/grafana-foundation-sdk/units";
import { exporters } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import {
  timeSeriesPanel,
  percentileTimeSeriesPanel,
  stackedTimeSeriesPanel,
  STATUS_COLOURS,
  tablePanel,
} from "../panels/index.ts";
import { LOOK_BACK, percentile, type Queries } from "../queries.ts";

const EMPTY = "Not scraped yet";

/** Grafana, and the versions of Prometheus and Grafana. */
export function grafanaServerRow({ q, now, bounds }: Queries): Row {
  const third = { width: 8, empty: EMPTY };
  return {
    title: "Grafana and versions",
    panels: [
      percentileTimeSeriesPanel({
        ...third,
        title: "Grafana's answers",
        question: "How long does Grafana take to answer?",
        advice:
          "If queries are slow too: see Dashboard queries. If only Grafana is slow: give it more memory.",
        unit: units.Seconds,
        buckets: bounds(exporters.grafanaHttpDuration),
        queries: [
          percentile(q, 0.95, exporters.grafanaHttpDuration),
          { expr: q.mean(exporters.grafanaHttpDuration, { window: LOOK_BACK }), legend: "Mean" },
        ],
      }),
      stackedTimeSeriesPanel({
        ...third,
        title: "Grafana's answers by status",
        question: "How many answers does Grafana give, by HTTP status?",
        advice: "401: somebody tries wrong passwords. 5xx: see Grafana's log.",
        unit: units.RequestsPerSecond,
        colours: STATUS_COLOURS,
        queries: [
          {
            expr: q.observations(exporters.grafanaHttpDuration, { by: ["status_code"] }),
            legend: "{{status_code}}",
          },
        ],
      }),
      timeSeriesPanel({
        ...third,
        title: "Grafana at work",
        question: "How many requests are being answered, and how many dashboards are there?",
        advice: "Fewer dashboards than before: one was deleted; npm run up restores it.",
        unit: units.Short,
        queries: [
          { expr: q.sum(exporters.grafanaHttpInFlight), legend: "Requests" },
          { expr: q.max(exporters.grafanaDashboards), legend: "Dashboards" },
        ],
      }),
      tablePanel({
        title: "Versions",
        question: "Which versions of Prometheus and Grafana run?",
        advice:
          "Not the versions in the stack's settings: somebody changed the container by hand; run pulumi up.",
        height: 5,
        empty: EMPTY,
        labels: [
          { label: "job", title: "Job" },
          { label: "version", title: "Version" },
          { label: "revision", title: "Revision" },
        ],
        columns: [
          {
            title: "Servers",
            expr: `${now.count(exporters.prometheusBuild, { by: ["job", "version", "revision"] })} or ${now.count(exporters.grafanaBuild, { by: ["job", "version", "revision"] })}`,
            unit: units.Short,
            width: 120,
          },
        ],
      }),
    ],
  };
}
