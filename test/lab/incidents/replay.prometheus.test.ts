/**
 * Replays recordings of real vLLM servers into the rules. Expects the right alerts and verdicts in time.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fleetQueries } from "../../../dashboards/queries.ts";
import { thresholds } from "../../../dashboards/thresholds.ts";
import { VERDICTS, verdict } from "../../../dashboards/verdict.ts";
import { incidentNames, readIncident } from "../../../lab/incidents/timeline.ts";
import { OPTIONS } from "../../dashboards/parsedDashboards.ts";
import { options } from "../../prometheus/rules/defaultRuleOptions.ts";
import { askRules } from "../../prometheus/rules/promtool.ts";
import { incidentSeries } from "./series.ts";

interface ExpectedIncident {
  /**
   * The alerts that fire until the end, with the time of the first evaluation at which each fires, in
   * seconds.
   */
  alerts: Record<string, number>;
  /** Verdicts on the model, by time in seconds. */
  verdicts: Record<number, string>;
}

/** Seconds since the first scrape; rules are evaluated every 30 s. */
const INCIDENTS: Record<string, ExpectedIncident> = {
  "fresh-idle": { alerts: {}, verdicts: { 60: "No traffic", 420: "No traffic" } },
  "restart-idle": { alerts: {}, verdicts: { 60: "Healthy", 120: "Down", 360: "No traffic" } },
  steady: { alerts: {}, verdicts: { 60: "Healthy", 360: "Healthy" } },
  // 0.11 does not warm up: the first ten requests wait up to 16 s for their first token.
  "steady-0.11": { alerts: {}, verdicts: { 60: "Prefill-bound", 300: "Healthy" } },
  "steady-2-api-servers": { alerts: {}, verdicts: { 300: "Healthy" } },
  "steady-2-ranks": { alerts: {}, verdicts: { 300: "Healthy" } },
  "steady-2-ranks-2-api-servers": { alerts: {}, verdicts: { 300: "Healthy" } },
  lora: { alerts: {}, verdicts: { 240: "Healthy" } },
  // On this CPU, a token with speculation takes longer than the threshold allows.
  speculation: { alerts: {}, verdicts: { 240: "Decode-bound" } },
  "abort-storm": { alerts: {}, verdicts: { 120: "Client aborts", 240: "Client aborts" } },
  "queue-limit": {
    alerts: { VllmAdmissionRejected: 150, SloErrorBudgetBurn: 210 },
    verdicts: { 60: "Healthy", 180: "Admission" },
  },
  // The storm lasts from 60 s to 600 s; the alert waits for 5 minutes.
  "preemption-storm": {
    alerts: { VllmPreemptionsHigh: 450 },
    verdicts: { 60: "Healthy", 180: "KV-bound", 360: "KV-bound", 600: "KV-bound" },
  },
  // First tokens come up to 12 s late.
  overload: {
    alerts: { SloErrorBudgetBurn: 240 },
    verdicts: { 60: "Healthy", 120: "Queue-bound" },
  },
  // The worker of rank 0 stops at 65 s; the first request that hangs comes at 85 s.
  "hung-rank": {
    alerts: { VllmEngineStalled: 120 },
    verdicts: { 60: "Healthy", 120: "Stalled", 360: "Stalled" },
  },
  // The engine core of rank 0 stops at 65 s. After that no rank of 0.11 answers: all 58 requests hang. The
  // page looks like that of an idle server, so only a canary would notice. The alert is about the slow start.
  "hung-rank-0.11": {
    alerts: { SloErrorBudgetBurn: 240 },
    verdicts: { 60: "Prefill-bound", 360: "No traffic" },
  },
  // The engine stops at 65 s. Bursts of twelve requests arrive now and then; between them no rank has work.
  "hung-rank-bursts": {
    alerts: { VllmEngineStalled: 210 },
    verdicts: { 60: "Healthy", 240: "Stalled" },
  },
  // The engine stops at 61 s.
  "hung-rank-under-load": {
    alerts: { VllmEngineStalled: 120 },
    verdicts: { 60: "Healthy", 120: "Stalled" },
  },
  // The engine core stops at 90 s. Its gauges stay at zero; open connections are the only evidence.
  "hung-engine": {
    alerts: { VllmEngineStalled: 150 },
    verdicts: { 60: "Healthy", 180: "Stalled", 360: "Stalled" },
  },
  // The engine core stops at 92 s. No vLLM series changes; the canary is the only evidence.
  "hung-engine-2-api-servers": {
    alerts: { VllmCanaryFailing: 180, VllmEngineStalled: 180 },
    verdicts: { 60: "Healthy", 90: "Healthy", 180: "Stalled", 240: "Stalled", 360: "Stalled" },
  },
  // Killed at 90 s, ready again at 377 s: within the time allowed for loading a model.
  sigkill: { alerts: {}, verdicts: { 60: "Healthy", 120: "Down", 360: "Down", 450: "Healthy" } },
  // The old name disappears at 96 s, the new one appears at 263 s; the alert waits for 5 minutes.
  rename: {
    alerts: { VllmModelVanished: 570 },
    verdicts: { 60: "Healthy", 120: "Down", 300: "Healthy", 600: "Healthy" },
  },
  // On its own it does not count as slow: `replicas.prometheus.test.ts` tests it among other servers.
  "slow-replica": { alerts: {}, verdicts: { 60: "Healthy", 1080: "Healthy" } },
  // From 83 s to 328 s, rank 1 shows a running request but has none.
  "stuck-gauge": {
    alerts: {},
    verdicts: { 60: "Healthy", 150: "Healthy", 300: "Healthy", 390: "Healthy" },
  },
  "sleep-wake": { alerts: {}, verdicts: { 60: "Healthy", 120: "Sleeping" } },
};

const FIRST = `min by (alertname) (min_over_time(timestamp(ALERTS{alertstate="firing",alertname!="Watchdog"})[1h:30s]))`;

describe("recorded incidents", () => {
  it("are all replayed", () => {
    assert.deepEqual(Object.keys(INCIDENTS).sort(), incidentNames());
  });

  for (const histograms of ["classic", "native"] as const) {
    for (const [name, { alerts, verdicts }] of Object.entries(INCIDENTS)) {
      it(`${name}, with ${histograms} histograms`, async () => {
        const incident = readIncident(name);
        const { scrapeInterval } = incident.about;
        const target = { job: "vllm", instance: "a:8000" };
        const query = verdict(
          fleetQueries({ ...OPTIONS, histograms, longestScrapeInterval: scrapeInterval }, {}),
          thresholds.parse({}),
        );
        const times = Object.keys(verdicts).map(Number);
        const [fired = [], ...found] = await askRules(
          options({ histograms, longestScrapeInterval: scrapeInterval }),
          incidentSeries(incident, { histograms, target }),
          [
            { at: Math.floor((incident.scrapes.at(-1)?.at ?? 0) / 30) * 30, query: FIRST },
            ...times.map((at) => ({ at, query })),
          ],
          30,
          scrapeInterval,
        );
        assert.deepEqual(
          Object.fromEntries(fired.map(({ labels, value }) => [labels.alertname, value])),
          alerts,
        );
        assert.deepEqual(
          Object.fromEntries(
            found.map((models, index) => [
              times[index],
              models.map(({ value }) => VERDICTS.find((word) => word.value === value)?.text).join(),
            ]),
          ),
          verdicts,
        );
      });
    }
  }
});
