/** A day without incidents, from recordings of real vLLM servers, raises no alert. A hang after it does. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ruleFiles } from "../../../prometheus/rules/index.ts";
import { options } from "../../prometheus/rules/defaultRuleOptions.ts";
import { askRules } from "../../prometheus/rules/promtool.ts";
import { DAY_INTERVAL, type DayPart, scrapesOf } from "./day.ts";
import { seriesOfScrapes } from "./series.ts";

/**
 * A server that is restarted every few hours, sometimes with other flags, and killed once. Several restarts
 * within an hour would be what VllmEngineRestarts is for.
 */
const DAY: readonly DayPart[] = [
  { recording: "fresh-idle", hours: 1 },
  { recording: "steady-2-ranks-2-api-servers", hours: 3.5 },
  { recording: "restart-idle" },
  { recording: "steady-2-ranks-2-api-servers", hours: 3.5 },
  { recording: "steady-2-ranks", hours: 3.5 },
  { recording: "lora", hours: 3.5 },
  { recording: "steady-2-api-servers", hours: 3.5 },
  { recording: "steady", hours: 3.5 },
  { recording: "sigkill" },
  { recording: "steady", hours: 2.5 },
];

/** The objectives that this server can meet. */
const OBJECTIVES = options().objectives.map((one) => {
  // It is down for 15 minutes of the day, and no other server of the model answers during that time.
  if (one.metric === "availability") return { ...one, target: 0.98 };
  // On the recording machine, up to one first token in five takes over a second even when healthy.
  if (one.metric === "time_to_first_token") return { ...one, threshold: 5 };
  return one;
});

/** Seconds between evaluations. promtool takes half a minute for the day; a minute at the default of 30 s. */
const EVALUATION = 60;

describe("24 h of quiet, load and restarts from the corpus", { concurrency: true }, () => {
  for (const histograms of ["classic", "native"] as const) {
    it(`raise no alert, but a hang afterwards does, with ${histograms} histograms`, async () => {
      const rules = options({
        ...{ histograms, objectives: OBJECTIVES, longestScrapeInterval: DAY_INTERVAL },
        evaluationInterval: `${EVALUATION}s`,
      });
      const read = Object.values(ruleFiles(rules)).join("\n");
      const wanted = (metric: string) => read.includes(metric);
      const end = scrapesOf(DAY, wanted).length * DAY_INTERVAL;
      assert.ok(end >= 24 * 3600, `${end} s`);
      // Its engine stops after 90 s.
      const scrapes = scrapesOf([...DAY, { recording: "hung-engine" }], wanted);
      const [fired] = await askRules(
        rules,
        seriesOfScrapes(scrapes, { histograms, target: { job: "vllm", instance: "a:8000" } }),
        [{ at: end + 390, query: FIRST }],
        EVALUATION,
        DAY_INTERVAL,
      );
      assert.deepEqual(
        fired?.map(({ labels, value }) => [labels.alertname, value - end]),
        [["VllmEngineStalled", 240]],
      );
    });
  }
});

/** The time at which each alert first fired. */
const FIRST = `min by (alertname) (min_over_time(timestamp(ALERTS{alertstate="firing",alertname!="Watchdog"})[30h:1m]))`;
