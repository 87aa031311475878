import * as units from "@grafana/grafana-foundation-sdk/units";
import { CANARY_FAILURES, exporters, math } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, timeSeriesPanel, tablePanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** What the canary's own requests saw. */
export function canaryRow({ q, steady, now }: Queries, { thresholds }: DashboardOptions): Row {
  const by = ["instance", "model_name", "engine"] as const;
  const server = ["instance", "model_name"] as const;
  /** Repeats a server's value in the row of each of its ranks. */
  const inEachRow = (query: string) =>
    math`${now.group(exporters.canarySuccess, { by })} * on (instance, model_name) group_left () ${query}`;
  const endpoint = (name: "/health" | "/v1/models") =>
    inEachRow(now.min(exporters.canaryEndpointSuccess, { by: server, where: { endpoint: name } }));
  const seconds = { unit: units.Seconds, width: 90, empty: "–" };
  const none = "No canary";
  return {
    title: "Canary",
    panels: [
      tablePanel({
        title: "Canary probes",
        question:
          "Does each rank answer a small streamed completion, and how fast, by the canary's own clock? Times are those of the last completion; they are empty if it failed.",
        advice: `${CANARY_FAILURES} failures in a row raise VllmCanaryFailing; its runbook says what to do. If completions fail while /health is fine, the engine hangs.`,
        height: 7,
        empty: none,
        labels: [
          { label: "instance", title: "Instance" },
          { label: "model_name", title: "Model" },
          { label: "engine", title: "Engine", width: 90 },
        ],
        sortBy: [{ title: "Completion" }, { title: "Instance" }, { title: "Engine" }],
        columns: [
          {
            title: "Completion",
            expr: now.min(exporters.canarySuccess, { by }),
            unit: units.Short,
            width: 115,
            mappings: words(RESULTS),
          },
          {
            title: "Failures in a row",
            expr: now.max(exporters.canaryFailures, { by }),
            unit: units.Short,
            width: 130,
            steps: levels({ warning: 1, critical: CANARY_FAILURES }),
          },
          {
            title: "First token",
            expr: now.max(exporters.canaryTimeToFirstToken, { by }),
            ...seconds,
            steps: levels(thresholds.timeToFirstToken),
          },
          {
            title: "Per token",
            expr: now.max(exporters.canaryInterTokenLatency, { by }),
            ...seconds,
            steps: levels(thresholds.interTokenLatency),
          },
          {
            title: "In all",
            expr: now.max(exporters.canaryDuration, { by }),
            ...seconds,
            width: 80,
          },
          {
            title: "Last success",
            expr: math`time() - ${now.max(exporters.canaryLastSuccess, { by })}`,
            unit: units.DurationSeconds,
            decimals: 0,
            width: 110,
            empty: "never",
          },
          {
            title: "/health",
            expr: endpoint("/health"),
            unit: units.Short,
            width: 80,
            mappings: words(RESULTS),
          },
          {
            title: "/v1/models",
            expr: endpoint("/v1/models"),
            unit: units.Short,
            width: 100,
            mappings: words(RESULTS),
          },
          {
            title: "Budget left",
            expr: inEachRow(now.min(exporters.canaryBudgetLeft, { by: server })),
            unit: units.Short,
            decimals: 0,
            width: 100,
          },
        ],
      }),
      timeSeriesPanel({
        title: "Time to the canary's first token",
        question:
          "How long does the canary wait for its first token on each rank? A gap is a failed completion.",
        advice:
          "High on one rank alone: its queue or its GPU. High on all: too little capacity, or the network between canary and servers.",
        unit: units.Seconds,
        empty: none,
        steps: levels(thresholds.timeToFirstToken),
        queries: [
          {
            expr: q.max(exporters.canaryTimeToFirstToken, { by: ["instance", "engine"] }),
            legend: "{{instance}} engine {{engine}}",
          },
        ],
        drillDown: INSTANCE_ALONE,
      }),
      timeSeriesPanel({
        title: "Canary completions by outcome",
        question: "How did the canary's completions end in the five minutes before each point?",
        advice:
          "timeout: the engine hangs or is overloaded. http_5xx, broken: see the server's log. rejected: a queue limit. refused: the server is down. http_4xx: the canary's settings, such as its API key.",
        unit: units.Short,
        empty: none,
        queries: [
          {
            expr: math`${steady.increase(exporters.canaryProbes, { by: ["outcome"] })} > 0`,
            legend: "{{outcome}}",
          },
        ],
      }),
    ],
  };
}

const RESULTS = [
  { value: 0, text: "Failed", color: "red" },
  { value: 1, text: "OK", color: "green" },
];
