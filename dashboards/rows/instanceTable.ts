import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { bucketLimits, levels, stateTimelinePanel, tablePanel, words } from "../panels/index.ts";
import type { Queries } from "../queries.ts";
import {
  serversDown,
  STALLED_ADVICE,
  serverState,
  STATES,
  STATES_EXPLAINED,
} from "../serverState.ts";
import { UIDS } from "../uids.ts";
import { TOKENS_PER_SECOND } from "../units.ts";

/** A row per engine, and one per dead server. */
export function instanceTableRow(
  queries: Queries,
  shown: Queries,
  { thresholds }: DashboardOptions,
): Row {
  const { now, bounds } = queries;
  const by = ["instance", "model_name", "engine"] as const;
  const finished = now.rate(metrics.requestsFinished, { by });
  return {
    panels: [
      tablePanel({
        title: "Servers",
        question: `What is the state and load of each engine? A server that is down has one row, with its last known model and no engine. ${STATES_EXPLAINED} Times and rates cover the last five minutes.`,
        advice: `${STALLED_ADVICE} Down: The stack itself shows why the server gives no metrics. Click an instance to show only that one.`,
        height: 10,
        labels: [
          {
            label: "instance",
            title: "Instance",
            drillDown: { uid: UIDS.instances, title: "This instance alone", label: "instance" },
          },
          { label: "model_name", title: "Model" },
          { label: "engine", title: "Engine", width: 90 },
        ],
        sortBy: [{ title: "State" }, { title: "Instance" }, { title: "Engine" }],
        columns: [
          {
            title: "State",
            expr: serverState(queries, by, serversDown(queries)),
            unit: units.Short,
            width: 90,
            mappings: words(STATES),
          },
          {
            title: "Running",
            expr: now.sum(metrics.requestsRunning, { by }),
            unit: units.Short,
            width: 75,
            empty: "–",
          },
          {
            title: "Waiting",
            expr: now.sum(metrics.requestsWaiting, { by }),
            unit: units.Short,
            width: 75,
            empty: "–",
          },
          {
            title: "KV cache",
            expr: now.max(metrics.kvCacheUsage, { by }),
            unit: units.PercentUnit,
            decimals: 1,
            width: 85,
            empty: "–",
            steps: levels(thresholds.kvCacheUsage),
          },
          {
            title: "Requests",
            expr: math`${finished} > 0`,
            unit: units.RequestsPerSecond,
            width: 105,
          },
          {
            title: "Generated",
            expr: math`${now.rate(metrics.generationTokens, { by })} > 0`,
            unit: TOKENS_PER_SECOND,
            width: 95,
            empty: "–",
          },
          {
            title: "TTFT P95",
            expr: now.quantile(0.95, metrics.timeToFirstToken, { by }),
            unit: units.Seconds,
            width: 85,
            empty: "–",
            mappings: bucketLimits(
              bounds(metrics.timeToFirstToken),
              "s",
              thresholds.timeToFirstToken,
            ),
            steps: levels(thresholds.timeToFirstToken),
          },
          {
            title: "ITL P95",
            expr: now.quantile(0.95, metrics.interTokenLatency, { by }),
            unit: units.Seconds,
            width: 85,
            empty: "–",
            mappings: bucketLimits(
              bounds(metrics.interTokenLatency),
              "s",
              thresholds.interTokenLatency,
            ),
            steps: levels(thresholds.interTokenLatency),
          },
          {
            title: "Preempted",
            expr: ratio(now.rate(metrics.preemptions, { by }), finished),
            unit: units.PercentUnit,
            decimals: 1,
            width: 95,
            empty: "–",
            steps: levels(thresholds.preemptionRatio),
          },
          {
            title: "Up for",
            expr: math`${now.engines({ by })} * on (instance) group_left () (time() - max by (instance) (${now.series(metrics.processStartTime)}))`,
            unit: units.DurationSeconds,
            width: 105,
            empty: "unknown",
          },
        ],
      }),
      stateTimelinePanel({
        title: "States over time",
        question: `What state was each server in, and when? ${STATES_EXPLAINED}`,
        advice:
          "Several change at once: look at what they share, such as a host, a network or a deployment.",
        query: {
          expr: serverState(shown, ["instance"], math`max by (instance) (${serversDown(shown)})`),
          legend: "{{instance}}",
        },
        words: STATES,
      }),
    ],
  };
}
