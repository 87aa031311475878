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
    "a model is down: the alerts of its servers and its symptoms are inhibited",
    [MODEL_DOWN, TARGET_DOWN, QUEUE, ERRORS],
    [TARGET_DOWN, QUEUE, ERRORS],
  ],
  [
    "a model is down: another model's symptoms are not inhibited",
    [MODEL_DOWN, { ...QUEUE, model_name: "other" }],
    [],
  ],
  [
    "a server is down: its own symptoms are inhibited",
    [TARGET_DOWN, HTTP_ERRORS, STALLED],
    [HTTP_ERRORS, STALLED],
  ],
  [
    "a server is down: the alerts of another server and of the model are not inhibited",
    [TARGET_DOWN, HANGS, QUEUE],
    [],
  ],
  ["a server crash-loops: its VllmTargetDown is inhibited", [RESTARTS, TARGET_DOWN], [TARGET_DOWN]],
  [
    "a model's only server crash-loops: VllmTargetDown is inhibited, VllmModelDown is not",
    [MODEL_DOWN, RESTARTS, TARGET_DOWN],
    [TARGET_DOWN],
  ],
  [
    "a server crash-loops: another server's VllmTargetDown is not inhibited",
    [RESTARTS, { ...TARGET_DOWN, instance: "b:1" }],
    [],
  ],
  [
    "a model's requests fail: the alert about HTTP errors is inhibited, the one about queue time is not",
    [ERRORS, HTTP_ERRORS, QUEUE],
    [HTTP_ERRORS],
  ],
  [
    "rules fail and scrapes hit their limit: neither alert inhibits the other",
    [RULES_FAIL, LIMIT_HIT],
    [],
  ],
  ["two servers stall: neither alert inhibits the other", [STALLED, HANGS], []],
  [
    "a server stalls: its load imbalance is inhibited, another server's is not",
    [STALLED, IMBALANCED, { ...IMBALANCED, instance: "b:1" }],
    [IMBALANCED],
  ],
  [
    "an error budget burns fast: its slow-burn warning is inhibited, another objective's is not",
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
