import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { OWN_JOBS } from "../../common/jobs.ts";
import type { TargetGroup } from "../../prometheus/targets.ts";
import type { ScrapedTarget } from "./statusTable.ts";

/**
 * Waits up to `patience` milliseconds until Prometheus has exactly the `expected` targets and has
 * scraped each of them once, then returns its targets. A failed scrape counts only if it happened
 * after the wait began: a server of the stack itself may start after Prometheus.
 */
export async function awaitTargets(
  prometheusUrl: string,
  expected: TargetGroup[],
  patience: number,
): Promise<ScrapedTarget[] | undefined> {
  const wanted = expected
    .flatMap(({ job, addresses }) => addresses.map((instance) => `${job} ${instance}`))
    .sort();
  const begun = Date.now();
  for (;;) {
    const targets = await scrapedTargets(prometheusUrl);
    const scraped = targets
      ?.filter(
        ({ health, scrapedAt }) => health === "up" || (health === "down" && scrapedAt >= begun),
      )
      .map(({ job, instance }) => `${job} ${instance}`)
      .sort();
    if (isDeepStrictEqual(scraped, wanted) || Date.now() >= begun + patience) return targets;
    await sleep(250);
  }
}

/**
 * Prometheus's targets except the stack's own servers, ordered by job and instance; undefined if
 * Prometheus does not answer.
 */
export async function scrapedTargets(prometheusUrl: string): Promise<SeenTarget[] | undefined> {
  let answer: { data: { activeTargets: ActiveTarget[] } };
  try {
    const response = await fetch(`${prometheusUrl}/api/v1/targets?state=active`, {
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) return undefined;
    answer = (await response.json()) as typeof answer;
  } catch {
    return undefined;
  }
  return answer.data.activeTargets
    .map(({ labels, health, lastError, lastScrape }) => ({
      ...labels,
      ...{ health, lastError, scrapedAt: Date.parse(lastScrape) },
    }))
    .filter(({ job }) => !OWN_JOBS.includes(job))
    .sort((a, b) => a.job.localeCompare(b.job) || a.instance.localeCompare(b.instance));
}

/** With the time of its last scrape, in milliseconds since 1970. */
type SeenTarget = ScrapedTarget & { scrapedAt: number };

interface ActiveTarget {
  labels: { job: string; instance: string };
  health: ScrapedTarget["health"];
  lastError: string;
  lastScrape: string;
}
