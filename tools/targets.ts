import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { OWN_JOBS } from "../common/jobs.ts";
import type { TargetGroup } from "../prometheus/targets.ts";
import type { ScrapedTarget } from "./statusTable.ts";

/**
 * Waits up to `patience` milliseconds until Prometheus scrapes just the `expected` servers and has
 * scraped each of them once, and answers with what it then scrapes.
 */
export async function awaitTargets(
  prometheusUrl: string,
  expected: TargetGroup[],
  patience: number,
): Promise<ScrapedTarget[] | undefined> {
  const wanted = expected
    .flatMap(({ job, addresses }) => addresses.map((instance) => `${job} ${instance}`))
    .sort();
  const deadline = Date.now() + patience;
  for (;;) {
    const targets = await scrapedTargets(prometheusUrl);
    const scraped = targets
      ?.filter(({ health }) => health !== "unknown")
      .map(({ job, instance }) => `${job} ${instance}`)
      .sort();
    if (isDeepStrictEqual(scraped, wanted) || Date.now() >= deadline) return targets;
    await sleep(250);
  }
}

/**
 * The servers that Prometheus scrapes for somebody, so without the stack's own, ordered by job and
 * instance; undefined where Prometheus does not answer.
 */
export async function scrapedTargets(prometheusUrl: string): Promise<ScrapedTarget[] | undefined> {
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
    .map(({ labels, health, lastError }) => ({ ...labels, health, lastError }))
    .filter(({ job }) => !OWN_JOBS.includes(job))
    .sort((a, b) => a.job.localeCompare(b.job) || a.instance.localeCompare(b.instance));
}

interface ActiveTarget {
  labels: { job: string; instance: string };
  health: ScrapedTarget["health"];
  lastError: string;
}
