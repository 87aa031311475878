/** Ten servers of one model, each a recording of a real server. Alerts find and name the one that differs. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readIncident } from "../../../lab/incidents/timeline.ts";
import { ruleFiles } from "../../../prometheus/rules/index.ts";
import { options } from "../../prometheus/rules/defaultRuleOptions.ts";
import { askRules } from "../../prometheus/rules/promtool.ts";
import { DAY_INTERVAL, type DayPart, scrapesOf } from "./day.ts";
import { eventAt } from "./pages.ts";
import { seriesOfScrapes } from "./series.ts";

type Histograms = "classic" | "native";

describe("one replica of ten", { concurrency: true }, () => {
  for (const histograms of ["classic", "native"] as const) {
    it(`that is slow is the only server that an alert names, with ${histograms} histograms`, async () => {
      const slow = readIncident("slow-replica");
      assert.equal(Math.round(eventAt(slow, "SIGSTOP")), 60);
      const seconds = slow.scrapes.at(-1)?.at ?? 0;
      // Other work on the recording machine also made it slow in the first minute. So the alert's wait of
      // ten minutes began 30 s before the engine was slowed down.
      assert.deepEqual(await firstFired({ recording: "slow-replica" }, seconds, histograms), [
        ["VllmInstanceSlow", "replica-0:8000", 630],
      ]);
    });

    it(`that gets no requests is the only server that an alert names, with ${histograms} histograms`, async () => {
      const idle = { recording: "fresh-idle", hours: 0.5 };
      // After half an hour the siblings, which are one recording, would seem to be scraped several times.
      assert.deepEqual(await firstFired(idle, 1500, histograms), [
        ["VllmLoadImbalanced", "replica-0:8000", 930],
      ]);
    });
  }
});

/**
 * The alerts of the first so many seconds, with the time at which each first fired. The other nine servers
 * are under steady load.
 */
async function firstFired(
  odd: DayPart,
  seconds: number,
  histograms: Histograms,
): Promise<(string | number | undefined)[][] | undefined> {
  const rules = options({ histograms, longestScrapeInterval: DAY_INTERVAL });
  const read = Object.values(ruleFiles(rules)).join("\n");
  const wanted = (metric: string) => read.includes(metric);
  const end = Math.floor(seconds / DAY_INTERVAL) * DAY_INTERVAL;
  const siblings = scrapesOf([{ recording: "steady", hours: end / 3600 }], wanted);
  const series = [scrapesOf([odd], wanted), ...Array<typeof siblings>(9).fill(siblings)].flatMap(
    (scrapes, index) =>
      seriesOfScrapes(scrapes, {
        histograms,
        target: { job: "vllm", instance: `replica-${index}:8000` },
      }),
  );
  const [fired] = await askRules(
    rules,
    series,
    [{ at: end, query: FIRST }],
    DAY_INTERVAL,
    DAY_INTERVAL,
  );
  return fired?.map(({ labels, value }) => [labels.alertname, labels.instance, value]);
}

/** The time at which each alert first fired. */
const FIRST = `min by (alertname, instance) (min_over_time(timestamp(ALERTS{alertstate="firing",alertname!="Watchdog"})[1h:30s]))`;
