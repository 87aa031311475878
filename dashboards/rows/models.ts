import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { bucketLimits, levels, tablePanel, words } from "../panels/index.ts";
import { waitingShare, type Queries } from "../queries.ts";
import { STALLED_ADVICE } from "../serverState.ts";
import { UIDS } from "../uids.ts";
import { evidence, VERDICTS, verdict, verdictsExplained } from "../verdict.ts";

/** A row per model: its bottleneck, and the numbers behind that verdict. */
export function modelsRow(queries: Queries, { thresholds }: DashboardOptions): Row {
  const { now, bounds } = queries;
  const by = ["model_name"] as const;
  const known = evidence(now);
  const percent = { unit: units.PercentUnit, decimals: 1, width: 100 };
  return {
    panels: [
      tablePanel({
        title: "Bottleneck by model",
        question: `Which model has a problem, and what limits it? Waiting is the share of the requests in the model's engines that wait rather than run. ${verdictsExplained(thresholds)}`,
        advice: `Down: The stack itself shows why. ${STALLED_ADVICE} Errors: see the servers' logs. Admission, queue: add servers. KV: more cache memory, or fewer concurrent requests. Prefill: shorter prompts, prefix caching, chunked prefill. Decode: smaller batches, speculation, faster GPUs. Aborts: ask the clients. Click a model to open its instances.`,
        height: 7,
        labels: [
          {
            label: "model_name",
            title: "Model",
            // The verdict stands beside the name, not at the other end of a wide screen.
            width: 300,
            drillDown: {
              uid: UIDS.instances,
              title: "Instances of this model",
              label: "model_name",
            },
          },
        ],
        sortBy: { title: "Verdict", descending: true },
        columns: [
          {
            title: "Verdict",
            expr: verdict(queries, thresholds),
            unit: units.Short,
            width: 120,
            mappings: words(VERDICTS),
          },
          {
            title: "Requests",
            expr: math`${now.rate(metrics.requestsFinished, { by })} > 0`,
            unit: units.RequestsPerSecond,
            width: 110,
          },
          {
            ...percent,
            title: "Waiting",
            expr: waitingShare(now, by),
            steps: levels(thresholds.queueShare),
          },
          {
            ...percent,
            title: "KV cache",
            expr: known.kvCache,
            steps: levels(thresholds.kvCacheUsage),
          },
          {
            title: "TTFT P95",
            expr: now.quantile(0.95, metrics.timeToFirstToken, { by }),
            unit: units.Seconds,
            width: 100,
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
            width: 100,
            mappings: bucketLimits(
              bounds(metrics.interTokenLatency),
              "s",
              thresholds.interTokenLatency,
            ),
            steps: levels(thresholds.interTokenLatency),
          },
          { ...percent, title: "Errors", expr: known.failed, steps: levels(thresholds.errorRatio) },
          {
            ...percent,
            title: "Client aborts",
            width: 115,
            expr: known.aborted,
            steps: levels(thresholds.abortRatio),
          },
          {
            ...percent,
            title: "Rejected",
            expr: known.rejected,
            steps: levels(thresholds.rejectionRatio),
          },
        ],
      }),
    ],
  };
}
