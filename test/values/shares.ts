/** Shares of requests, and of request time, that several dashboards show. */
import { metrics } from "../../vllm/index.ts";
import * as is from "./expected.ts";
import type { FleetPart } from "./fleetPart.ts";

export const failed = (part: FleetPart) =>
  is.share(
    part.rate(metrics.requestsFinished, { finished_reason: "error" }),
    part.rate(metrics.requestsFinished),
  );

/** The share of requests that got a first token but neither finished nor are still running. */
export function aborted(part: FleetPart): number | undefined {
  const finished = part.increase(metrics.requestsFinished);
  const each = part
    .by(["instance", "engine"], metrics.timeToFirstToken)
    .filter((engine) => engine.growth(metrics.processStartTime) === 0)
    .map(
      (engine) =>
        engine.increase(metrics.timeToFirstToken) -
        engine.increase(metrics.requestsFinished) -
        engine.growth(metrics.requestsRunning),
    );
  const all = Math.max(0, sum(each));
  return is.share(all, finished + all);
}

/** As panels show it: Prometheus extrapolates each counter separately, so their difference is inexact. */
export function clientAbortShare(by: readonly string[]): is.Expected {
  const value = (part: FleetPart) => {
    const share = aborted(part);
    return share === undefined ? undefined : { low: share - 0.01, high: share + 0.01 };
  };
  return { by, of: metrics.requestsFinished, value };
}

/** The share of 5xx responses, without the rejections by the same server. */
export function httpErrors(part: FleetPart): number | undefined {
  const servers = part.by(["instance"], metrics.httpRequests).map((server) => {
    const rejected = server.rate(metrics.admissionRejections);
    const failed = server.rate(metrics.httpRequests, { status: "5xx" }) - rejected;
    return { failed: Math.max(0, failed), all: server.rate(metrics.httpRequests) - rejected };
  });
  return is.share(sum(servers.map(({ failed }) => failed)), sum(servers.map(({ all }) => all)));
}

export const preempted = (part: FleetPart) =>
  is.share(part.rate(metrics.preemptions), part.rate(metrics.requestsFinished));

export const rejected = (part: FleetPart) => {
  const rejections = part.rate(metrics.admissionRejections);
  return is.share(rejections, part.rate(metrics.requestsFinished) + rejections);
};

export const queueShare = (part: FleetPart) =>
  is.share(part.total(metrics.queueTime), part.total(metrics.endToEndLatency));

/** The average share of the requests in the engines that were waiting in the window. */
export const waiting = (part: FleetPart) => {
  const queued = part.averageLevel(metrics.requestsWaiting);
  return is.share(queued, queued + part.averageLevel(metrics.requestsRunning));
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
