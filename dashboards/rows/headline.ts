import * as units from "@grafana/grafana-foundation-sdk/units";
import { math, metrics, orZero, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions, Levels } from "../dashboardOptions.ts";
import { bucketLimits, colours, levels, statPanel, type DrillDown } from "../panels/index.ts";
import { waitingShare, type Latency, type Queries } from "../queries.ts";
import { serversDown, STALLED_ADVICE } from "../serverState.ts";
import { UIDS } from "../uids.ts";

const INSTANCES: DrillDown = { uid: UIDS.instances, title: "Instances", keepsChoice: true };
const KV_CACHE: DrillDown = { uid: UIDS.kvCache, title: "KV cache", keepsChoice: true };
const CAPACITY: DrillDown = {
  uid: UIDS.capacity,
  title: "Capacity and workload",
  keepsChoice: true,
};

/**
 * Shows at a glance whether something is wrong. A click on a tile opens the dashboard with the
 * details.
 */
export function headlineRow(queries: Queries, { thresholds }: DashboardOptions): Row {
  const { now, bounds } = queries;
  const finished = now.rate(metrics.requestsFinished);
  const failed = now.rate(metrics.requestsFinished, { where: { finished_reason: "error" } });
  const p95 = (metric: Latency, limits: Levels) => ({
    query: now.quantile(0.95, metric),
    unit: units.Seconds,
    mappings: bucketLimits(bounds(metric), "s", limits),
    steps: levels(limits),
  });
  const noneIsGood = colours([
    [null, "green"],
    [1, "red"],
  ]);
  return {
    panels: [
      statPanel({
        title: "Servers down",
        question: "How many of the chosen vLLM servers do not answer their scrapes?",
        advice: "The stack itself shows which and why; a wrong address looks like a dead server.",
        unit: units.Short,
        query: math`count(${serversDown(queries)}) or vector(0)`,
        steps: noneIsGood,
        drillDown: { uid: UIDS.stack, title: "The stack itself" },
      }),
      statPanel({
        title: "Stalled engines",
        question:
          "How many engines have work, but make no progress? Other engines of the same server or model may work.",
        advice: `See Instances for which. ${STALLED_ADVICE}`,
        unit: units.Short,
        query: math`count(${queries.stalledEngines}) or vector(0)`,
        steps: noneIsGood,
        drillDown: INSTANCES,
      }),
      statPanel({
        title: "Errors",
        question: "What share of the finished requests failed? Each was answered with HTTP 500.",
        advice:
          "Look at the server's log; after an out-of-memory error, restart the server with a smaller batch.",
        unit: units.PercentUnit,
        query: ratio(orZero(failed, finished), finished),
        steps: levels(thresholds.errorRatio),
        drillDown: CAPACITY,
      }),
      statPanel({
        title: "Waiting",
        question:
          "What share of the requests in the engines waits rather than runs, on average over the last five minutes? Shows the model with the largest share.",
        advice: "Add servers, or see what is short under Waiting by reason on Instances.",
        unit: units.PercentUnit,
        query: math`max(${waitingShare(now, ["model_name"])})`,
        steps: levels(thresholds.queueShare),
        drillDown: INSTANCES,
      }),
      statPanel({
        title: "TTFT P95",
        question: "How long do the slowest 5 % of requests wait for their first token, at least?",
        advice:
          "Compare Queue time: if it is about as long, add servers; if not, prompts are long.",
        ...p95(metrics.timeToFirstToken, thresholds.timeToFirstToken),
        drillDown: INSTANCES,
      }),
      statPanel({
        title: "ITL P95",
        question: "How long are the longest 5 % of the gaps between two tokens, at least?",
        advice:
          "Large batches and long prefills slow every running request: lower --max-num-seqs or --max-num-batched-tokens.",
        ...p95(metrics.interTokenLatency, thresholds.interTokenLatency),
        drillDown: INSTANCES,
      }),
      statPanel({
        title: "E2E P95",
        question: "How long do the slowest 5 % of requests take in total, at least?",
        advice:
          "Long answers take longer: check Answer length and Mean time per phase on Capacity and workload before you look for a fault.",
        ...p95(metrics.endToEndLatency, thresholds.endToEndLatency),
        drillDown: CAPACITY,
      }),
      statPanel({
        title: "Fullest KV cache",
        question: "How full is the KV cache of the fullest engine?",
        advice: "The KV cache dashboard shows whether requests are preempted, and how often.",
        unit: units.PercentUnit,
        query: now.max(metrics.kvCacheUsage),
        steps: levels(thresholds.kvCacheUsage),
        drillDown: KV_CACHE,
      }),
      // Four per line: with eight, Grafana 12 with its menu open shows only "Requ…" of a title.
    ].map((panel) => ({ ...panel, width: 6, height: 3 })),
  };
}
