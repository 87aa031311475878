import * as units from "@grafana/grafana-foundation-sdk/units";
import { metrics, ratio } from "../../vllm/index.ts";
import type { Row } from "../dashboard.ts";
import type { DashboardOptions } from "../dashboardOptions.ts";
import { levels, statPanel } from "../panels/index.ts";
import type { Queries } from "../queries.ts";

/** The state of the caches at a glance. */
export function cacheHeadlineRow({ now }: Queries, { thresholds }: DashboardOptions): Row {
  const share = { unit: units.PercentUnit, width: 4 };
  return {
    panels: [
      statPanel({
        ...share,
        title: "Fullest cache",
        question: "How full is the KV cache of the fullest engine?",
        advice: "Full while requests wait: give the cache more memory, or add servers.",
        query: now.max(metrics.kvCacheUsage),
        steps: levels(thresholds.kvCacheUsage),
      }),
      statPanel({
        ...share,
        title: "Average cache",
        question: "How full are the KV caches on average?",
        advice: "Far below the fullest: requests are routed unevenly; see Instances.",
        query: now.avg(metrics.kvCacheUsage),
        steps: levels(thresholds.kvCacheUsage),
      }),
      statPanel({
        ...share,
        title: "Prompt from caches",
        question:
          "What share of the prompt tokens came from the local or another cache instead of being computed?",
        advice: "Lower than usual: see Prefix caching for which cache finds less.",
        // Not a share of all prompt tokens: older servers count those, but not the cached tokens
        // among them.
        query: ratio(now.rate(metrics.promptTokensCached), now.rate(metrics.promptTokensBySource)),
      }),
      statPanel({
        ...share,
        title: "Preemptions per request",
        question: "How often is a request preempted for lack of cache, per finished request?",
        advice: "Lower --max-num-seqs, or give the cache more memory.",
        query: ratio(now.rate(metrics.preemptions), now.rate(metrics.requestsFinished)),
        steps: levels(thresholds.preemptionRatio),
      }),
      statPanel({
        title: "Waiting for capacity",
        question: "How many requests wait because there is no room for them?",
        advice: "Caches near full: the cache is too small. Otherwise: --max-num-seqs is too low.",
        unit: units.Short,
        width: 4,
        query: now.sum(metrics.requestsWaitingByReason, { where: { reason: "capacity" } }),
        empty: "Not exposed before vLLM 0.23",
      }),
      statPanel({
        title: "Deferred",
        question: "How many requests wait for another reason: LoRA slots, or a KV transfer?",
        advice: "See KV loads from elsewhere, and the dashboard Speculative decoding and LoRA.",
        unit: units.Short,
        width: 4,
        query: now.sum(metrics.requestsWaitingByReason, { where: { reason: "deferred" } }),
        empty: "Not exposed before vLLM 0.23",
      }),
    ],
  };
}
