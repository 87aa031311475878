/** Shares of requests, and of their time, that several boards show. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { Part } from "./part.ts";

export const NO_ABORTS = "Only releases older than these servers' count any.";

export const failed = (part: Part) => finished(part, "error");

export const aborted = (part: Part) => finished(part, "abort");

export const preempted = (part: Part) =>
  is.share(part.rate(metrics.preemptions), part.rate(metrics.requestsFinished));

export const rejected = (part: Part) => {
  const rejections = part.rate(metrics.admissionRejections);
  return is.share(rejections, part.rate(metrics.requestsFinished) + rejections);
};

export const queueShare = (part: Part) =>
  is.share(part.total(metrics.queueTime), part.total(metrics.endToEndLatency));

function finished(part: Part, finished_reason: string): number | undefined {
  return is.share(
    part.rate(metrics.requestsFinished, { finished_reason }),
    part.rate(metrics.requestsFinished),
  );
}
