import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../board.ts";
import { levels, lines, type Query } from "../panels/index.ts";
import { ofChosenModels, type Queries } from "../queries.ts";

/** The process of the API server. */
export function serverProcess({ q }: Queries): Row {
  const by = ["job", "instance"] as const;
  const one = (expr: string): Query[] => [
    { expr: ofChosenModels(q, expr), legend: "{{instance}}" },
  ];
  const empty = "Not exposed with --api-server-count above 1";
  return {
    title: "Process",
    panels: [
      lines({
        title: "CPU",
        question: "How many cores does the API server's process use?",
        advice: "At 1 it is at its limit, since Python uses one core: add --api-server-count.",
        unit: units.Short,
        width: 8,
        empty,
        queries: one(q.rate(metrics.processCpu, { by })),
      }),
      lines({
        title: "Memory",
        question: "How much memory of the host does the API server's process hold?",
        advice: "Rising for days is a leak: plan restarts, and report it.",
        unit: units.BytesIEC,
        width: 8,
        empty,
        queries: one(q.sum(metrics.processResidentMemory, { by })),
      }),
      lines({
        title: "Open files",
        question: "How much of the allowed number of open files and connections is used?",
        advice: "Near 100 % new connections are refused: raise the limit (ulimit -n).",
        unit: units.PercentUnit,
        width: 8,
        max: 1,
        empty,
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
