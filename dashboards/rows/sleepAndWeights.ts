import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import { INSTANCE_ALONE } from "../drillDowns.ts";
import { timeSeriesPanel, OFF, stateTimelinePanel, type Word } from "../panels/index.ts";
import { LOOK_BACK, ofChosenModels, type Queries } from "../queries.ts";

const DEPTHS: readonly Word[] = [
  { value: 0, text: "Awake", color: "green" },
  { value: 1, text: "Level 1: weights on the host", color: "blue" },
  { value: 2, text: "Level 2: weights discarded", color: "purple" },
];

/** Sleep mode, and weights that reinforcement learning updates. */
export function sleepAndWeightsRow({ q }: Queries): Row {
  const by = ["instance", "engine"] as const;
  const stateOf = (sleep_state: "weights_offloaded" | "discard_all") =>
    q.max(metrics.sleepState, { by, where: { sleep_state } });
  const operations = ["job", "instance", "operation"] as const;
  return {
    title: "Sleep and weight updates",
    collapsed: true,
    panels: [
      stateTimelinePanel({
        title: "Sleep level",
        question:
          "How deep does each engine sleep? From level 1 it wakes in seconds; after level 2 its weights must be loaded again.",
        advice: "Asleep with requests waiting: wake it (POST /wake_up), or route around it.",
        query: {
          expr: math`${stateOf("weights_offloaded")} + 2 * ${stateOf("discard_all")}`,
          legend: "{{instance}} engine {{engine}}",
        },
        words: DEPTHS,
        empty: "Not exposed before vLLM 0.12",
      }),
      timeSeriesPanel({
        title: "Sleep operations",
        question:
          "How long do falling asleep and waking up take, on average, and is an operation under way?",
        advice: "Under way for minutes: the operation hangs; look at the engine's log.",
        unit: units.Seconds,
        empty: OFF,
        drillDown: INSTANCE_ALONE,
        queries: [
          {
            // A rare operation: over a shorter window the mean would be visible only for a moment.
            expr: ofChosenModels(
              q,
              q.mean(metrics.sleepOperationDuration, { by: operations, window: LOOK_BACK }),
            ),
            legend: "{{instance}} {{operation}}, mean",
          },
          {
            expr: ofChosenModels(q, q.sum(metrics.sleepOperationsInFlight, { by: operations })),
            legend: "{{instance}} {{operation}}, under way",
          },
        ],
      }),
      timeSeriesPanel({
        title: "Weight updates",
        question:
          "How long does each step of a weight transfer take, on average, and is a step under way?",
        advice: "Under way for minutes: trainer and server wait for each other.",
        unit: units.Seconds,
        empty: OFF,
        drillDown: INSTANCE_ALONE,
        queries: [
          {
            // A rare operation: over a shorter window the mean would be visible only for a moment.
            expr: ofChosenModels(
              q,
              q.mean(metrics.weightUpdateDuration, { by: operations, window: LOOK_BACK }),
            ),
            legend: "{{instance}} {{operation}}, mean",
          },
          {
            expr: ofChosenModels(q, q.sum(metrics.weightUpdatesInFlight, { by: operations })),
            legend: "{{instance}} {{operation}}, under way",
          },
        ],
      }),
    ],
  };
}
