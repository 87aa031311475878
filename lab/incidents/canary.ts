/** The product's own canary, which probes the server of a recording. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CanaryTarget } from "../../canary/config.ts";
import { metricsPage } from "../../canary/metricsPage.ts";
import { planCanary } from "../../canary/plan.ts";
import { canarySetting } from "../../canary/canarySettings.ts";
import { probeServer } from "../../canary/serverProbe.ts";

/**
 * Probes the server on this port of the loopback address with the canary's default settings until
 * `signal` ends it. Returns a function that reads the canary's metrics page.
 *
 * @param clock The seconds since the first scrape, which the canary uses as Unix time.
 */
export function probeUntil(signal: AbortSignal, port: number, clock: () => number): () => string {
  const target = targetOn(port);
  const watched = probeServer(target, clock);
  void (async () => {
    while (!signal.aborted) {
      void watched.round();
      await sleep(target.interval * 1000, undefined, { signal }).catch(() => undefined);
    }
  })();
  return () => metricsPage([watched]);
}

function targetOn(port: number): CanaryTarget {
  const plan = planCanary([
    {
      ...{ job: "vllm", addresses: [`127.0.0.1:${port}`], labels: {} },
      ...{ scheme: "http", metricsPath: "/metrics", canary: canarySetting.parse(true) },
    },
  ]);
  const [target] = JSON.parse(plan?.config ?? "[]") as CanaryTarget[];
  if (!target) throw new Error("The canary has no target.");
  return target;
}
