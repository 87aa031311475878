import * as units from "@grafana/grafana-foundation-sdk/units";
import { events, math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { colours, statPanel, stateTimelinePanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import { STALLED_ADVICE, serverState, STATES, STATES_EXPLAINED } from "../serverState.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** A model in one line: four large numbers and its history. The row is repeated for each model. */
export function wallModelRow(queries: Queries, { thresholds }: DashboardOptions): Row {
  const { now } = queries;
  const by = ["model_name"] as const;
  const tile = { width: 3, height: 3, tile: true };
  const { all, bad } = events(now, { metric: "errors" });
  return {
    title: "$model_name",
    repeat: "model_name",
    panels: [
      statPanel({
        ...tile,
        title: "State",
        question: `Does the model serve its users? ${STATES_EXPLAINED}`,
        advice: `${STALLED_ADVICE} Down: find the server on Instances, and read its log.`,
        unit: units.Short,
        query: serverState(queries, by, queries.lastKnown),
        mappings: words(STATES),
      }),
      statPanel({
        ...tile,
        title: "Speed",
        question:
          "How many tokens per second does each running request get, on average? People read about 10 tokens per second.",
        advice: "Slow: see the model's bottleneck on Overview.",
        unit: TOKENS_PER_SECOND,
        decimals: 0,
        query: math`1 / ${now.mean(metrics.interTokenLatency)}`,
        steps: colours([
          [null, NOTHING],
          [0, "red"],
          [1 / thresholds.interTokenLatency.critical, "orange"],
          [1 / thresholds.interTokenLatency.warning, "green"],
        ]),
      }),
      statPanel({
        ...tile,
        title: "Success",
        question:
          "What share of requests succeeded in the last five minutes, neither failed nor rejected?",
        advice:
          "Below 100 %: Overview shows whether requests fail (the servers' logs show why) or are rejected (add servers).",
        unit: units.PercentUnit,
        query: math`1 - ${ratio(bad, all)}`,
        steps: colours([
          [null, NOTHING],
          [0, "red"],
          [1 - thresholds.errorRatio.critical, "orange"],
          [1 - thresholds.errorRatio.warning, "green"],
        ]),
      }),
      statPanel({
        ...tile,
        title: "Per minute",
        question: "How many requests end per minute?",
        advice: "Zero at a busy time: check what is in front of vLLM, such as a load balancer.",
        unit: units.NoUnit,
        decimals: 0,
        query: math`60 * ${now.rate(metrics.requestsFinished)} > 0`,
        steps: colours([
          [null, NOTHING],
          [0, "blue"],
        ]),
      }),
      stateTimelinePanel({
        title: "State over time",
        question: `When did the model serve its users? ${STATES_EXPLAINED}`,
        advice: "Compare with deployments, and with the restarts on Overview.",
        ...{ width: 12, height: 3, single: true },
        query: { expr: serverState(queries, by, queries.lastKnown), legend: "{{model_name}}" },
        words: STATES,
      }),
    ],
  };
}

/** The colour of a tile without a value: neither good nor bad. */
const NOTHING = "#4b5057";
