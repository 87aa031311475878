import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ruleOptions } from "../../plan.ts";
import { alertRules } from "../../prometheus/rules/index.ts";
import { parseSettings } from "../../settings.ts";
import {
  type RealAlertmanager,
  eventually,
  type AlertLabels,
  startAlertmanager,
} from "./realAlertmanager.ts";

const server = (instance: string): AlertLabels => ({ job: "vllm", instance, model_name: "m" });
const critical = (alertname: string, concern: string, labels: AlertLabels): AlertLabels => ({
  ...{ alertname, concern, severity: "critical" },
  ...labels,
});
const warning = (alertname: string, concern: string, labels: AlertLabels): AlertLabels => ({
  ...{ alertname, concern, severity: "warning" },
  ...labels,
});

const MODEL_DOWN = critical("VllmModelDown", "availability", { model_name: "m" });
const TARGET_DOWN = warning("VllmTargetDown", "availability", server("a:1"));
const RESTARTS = critical("VllmEngineRestarts", "availability", server("a:1"));
const ERRORS = critical("VllmErrorRatioHigh", "errors", { model_name: "m" });
const HTTP_ERRORS = warning("VllmHttpErrorRatioHigh", "errors", server("a:1"));
const QUEUE = warning("VllmQueueTimeHigh", "saturation", { model_name: "m" });
const STALLED = critical("VllmEngineStalled", "stall", { ...server("a:1"), engine: "0" });
const HANGS = critical("VllmEngineStalled", "stall", { ...server("b:1"), engine: "0" });
const IMBALANCED = warning("VllmLoadImbalanced", "balance", server("a:1"));
/** Two alerts as in the rules, which differ only in these labels. */
const [RULES_FAIL, LIMIT_HIT] = (
  ["PrometheusRulesFailing", "PrometheusScrapeLimitHit"] as const
).map((alertname): AlertLabels => {
  const rules = alertRules(ruleOptions(parseSettings({}))).flatMap((group) => group.rules);
  const { severity = "", concern = "" } = rules.find(({ name }) => name === alertname) ?? {};
  return { alertname, severity, concern };
}) as [AlertLabels, AlertLabels];
const burn = (alertname: string, severity: string, objective: string): AlertLabels => ({
  ...{ alertname, severity, objective, concern: "slo", model_name: "m" },
});

/** Alerts that fire together, and which of them are inhibited. */
const CASES: [name: string, firing: AlertLabels[], silenced: AlertLabels[]][] = [
  [
    "a dead model, its servers and its symptoms",
    [MODEL_DOWN, TARGET_DOWN, QUEUE, ERRORS],
    [TARGET_DOWN, QUEUE, ERRORS],
  ],
  ["a dead model and another's symptoms", [MODEL_DOWN, { ...QUEUE, model_name: "other" }], []],
  [
    "a dead server and its own symptoms",
    [TARGET_DOWN, HTTP_ERRORS, STALLED],
    [HTTP_ERRORS, STALLED],
  ],
  ["a dead server and another's", [TARGET_DOWN, HANGS, QUEUE], []],
  ["a crash loop and the down that belongs to it", [RESTARTS, TARGET_DOWN], [TARGET_DOWN]],
  ["a crash loop of a model's only server", [MODEL_DOWN, RESTARTS, TARGET_DOWN], [TARGET_DOWN]],
  ["a crash loop and another server down", [RESTARTS, { ...TARGET_DOWN, instance: "b:1" }], []],
  ["failures of a model, and those of HTTP", [ERRORS, HTTP_ERRORS, QUEUE], [HTTP_ERRORS]],
  ["rules that fail, and scrapes that are thrown away", [RULES_FAIL, LIMIT_HIT], []],
  ["stalls of two servers", [STALLED, HANGS], []],
  [
    "a stall of one server, and its few requests; and another's",
    [STALLED, IMBALANCED, { ...IMBALANCED, instance: "b:1" }],
    [IMBALANCED],
  ],
  [
    "a budget that burns fast, and slowly; and another objective's",
    [
      burn("SloErrorBudgetBurn", "critical", "x"),
      burn("SloErrorBudgetBurn", "warning", "x"),
      burn("SloErrorBudgetBurn", "warning", "y"),
    ],
    [burn("SloErrorBudgetBurn", "warning", "x")],
  ],
];

describe("Alertmanager inhibits alerts that another alert explains", () => {
  let alertmanager: RealAlertmanager;

  before(async () => {
    alertmanager = await startAlertmanager({
      receivers: [{ name: "x", webhook: { url: "http://127.0.0.1:1/" } }],
    });
  });

  after(() => alertmanager.stop());

  for (const [index, [name, firing, silenced]] of CASES.entries()) {
    it(name, async () => {
      // A unique label separates each case's alerts. The alerts of earlier cases have already ended.
      const mine = (labels: AlertLabels) => ({ ...labels, case: `${index}` });
      const alerts = firing.map((labels) => ({ labels: mine(labels) }));
      await alertmanager.post(alerts, Date.now() + 60_000);
      let found: { labels: AlertLabels; status: { inhibitedBy: string[] } }[] = [];
      const notified = () =>
        found
          .filter(({ status }) => status.inhibitedBy.length > 0)
          .map(({ labels }) => key(labels));
      const wanted = silenced.map(mine).map(key).sort();
      await eventually(async () => {
        const answer = await fetch(
          `${alertmanager.url}/api/v2/alerts?filter=case%3D%22${index}%22`,
        );
        found = (await answer.json()) as typeof found;
        return found.length === firing.length && notified().sort().join() === wanted.join();
      }).catch(() => undefined);
      assert.deepEqual(notified().sort(), wanted);
      assert.equal(found.length, firing.length);
      await alertmanager.post(alerts, Date.now() - 1000);
      await sleep(100);
    });
  }
});

function key(labels: AlertLabels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`)
    .join(" ");
}
