/** Ten servers of one model, each a recording of a real server. The alert finds and names the slow one. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readIncident } from "../../../lab/incidents/timeline.ts";
import { ruleFiles } from "../../../prometheus/rules/index.ts";
import { options } from "../../prometheus/rules/defaultRuleOptions.ts";
import { askRules } from "../../prometheus/rules/promtool.ts";
import { DAY_INTERVAL, scrapesOf } from "./day.ts";
import { eventAt } from "./pages.ts";
import { seriesOfScrapes } from "./series.ts";

const SLOW = readIncident("slow-replica");
const END = Math.floor((SLOW.scrapes.at(-1)?.at ?? 0) / DAY_INTERVAL) * DAY_INTERVAL;

describe("one slow replica of ten", { concurrency: true }, () => {
  for (const histograms of ["classic", "native"] as const) {
    it(`is the only server that an alert names, with ${histograms} histograms`, async () => {
      const rules = options({ histograms, longestScrapeInterval: DAY_INTERVAL });
      const read = Object.values(ruleFiles(rules)).join("\n");
      const wanted = (metric: string) => read.includes(metric);
      const siblings = scrapesOf([{ recording: "steady", hours: END / 3600 }], wanted);
      const slow = scrapesOf([{ recording: "slow-replica" }], wanted);
      const series = [slow, ...Array<typeof slow>(9).fill(siblings)].flatMap((scrapes, index) =>
        seriesOfScrapes(scrapes, {
          histograms,
          target: { job: "vllm", instance: `replica-${index}:8000` },
        }),
      );
      const [fired] = await askRules(
        rules,
        series,
        [{ at: END, query: FIRST }],
        DAY_INTERVAL,
        DAY_INTERVAL,
      );
      assert.deepEqual(
        fired?.map(({ labels, value }) => [labels.alertname, labels.instance, value]),
        [["VllmInstanceSlow", "replica-0:8000", 630]],
      );
    });
  }

  // Other work on the recording machine also made it slow in the first minute. So the alert's wait of ten
  // minutes began 30 s before the engine was slowed down.
  it("is slowed down after a minute", () => {
    assert.equal(Math.round(eventAt(SLOW, "SIGSTOP")), 60);
  });
});

/** The time at which each alert first fired. */
const FIRST = `min by (alertname, instance) (min_over_time(timestamp(ALERTS{alertstate="firing",alertname!="Watchdog"})[1h:30s]))`;
