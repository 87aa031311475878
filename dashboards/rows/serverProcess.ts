import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import { levels, timeSeriesPanel, type Query } from "../panels/index.ts";
import { ofChosenModels, type Queries } from "../queries.ts";
import { CORES } from "../units.ts";

/** The process of the API server. */
export function serverProcessRow({ q }: Queries): Row {
  const by = ["job", "instance"] as const;
  const one = (expr: string): Query[] => [
    { expr: ofChosenModels(q, expr), legend: "{{instance}}" },
  ];
  const shared = {
    empty: "Not exposed with --api-server-count above 1",
    drillDown: INSTANCE_ALONE,
  };
  return {
    title: "Process",
    panels: [
      timeSeriesPanel({
        ...shared,
        title: "CPU",
        question: "How many cores does the API server's process use?",
        advice: "At 1, it is at its limit, since Python uses one core: raise --api-server-count.",
        unit: CORES,
        queries: one(q.rate(metrics.processCpu, { by })),
      }),
      timeSeriesPanel({
        ...shared,
        title: "Memory",
        question: "How much host memory does the API server's process use?",
        advice: "Rising for days is a leak: plan restarts, and report it.",
        unit: units.BytesIEC,
        queries: one(q.sum(metrics.processResidentMemory, { by })),
      }),
      timeSeriesPanel({
        ...shared,
        title: "Open files",
        question: "What share of the allowed open files and connections is in use?",
        advice: "Near 100 %, new connections are refused: raise the limit (ulimit -n).",
        unit: units.PercentUnit,
        width: 24,
        height: 6,
        max: 1,
        steps: levels({ warning: 0.8, critical: 0.95 }),
        queries: one(
          ratio(
            q.sum(metrics.processOpenFiles, { by }),
            math`${q.sum(metrics.processMaxFiles, { by })}`,
          ),
        ),
      }),
    ],
  };
}
