import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { alertmanagerConfig } from "../../alertmanager/config.ts";
import { CONFIG_FOLDER } from "../../alertmanager/server.ts";
import { TEMPLATES } from "../../alertmanager/templates.ts";
import { ensureAlertmanagerPrograms } from "../../offline/images/index.ts";
import { clock } from "../../common/clock.ts";
import { parseSettings } from "../../settings.ts";
import { freePort } from "../../tools/freePort.ts";
import { report } from "../../tools/setup/report.ts";

type Labels = Record<string, string>;

const server = (instance: string): Labels => ({ job: "vllm", instance, model_name: "m" });
const critical = (alertname: string, concern: string, labels: Labels): Labels => ({
  ...{ alertname, concern, severity: "critical" },
  ...labels,
});
const warning = (alertname: string, concern: string, labels: Labels): Labels => ({
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
const STUCK = warning("VllmGaugesStuck", "stall", { ...server("b:1"), engine: "0" });
const burn = (alertname: string, severity: string, objective: string): Labels => ({
  ...{ alertname, severity, objective, concern: "promise", model_name: "m" },
});

/** Alerts that fire together, and those of them that people are not told of. */
const CASES: [name: string, firing: Labels[], silenced: Labels[]][] = [
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
  ["a dead server and another's", [TARGET_DOWN, STUCK, QUEUE], []],
  ["a crash loop and the down that belongs to it", [RESTARTS, TARGET_DOWN], [TARGET_DOWN]],
  ["a crash loop and another server down", [RESTARTS, { ...TARGET_DOWN, instance: "b:1" }], []],
  ["failures of a model, and those of HTTP", [ERRORS, HTTP_ERRORS, QUEUE], [HTTP_ERRORS]],
  ["a stall of one server, stuck gauges of another", [STALLED, STUCK], []],
  [
    "a budget that burns fast, and slowly; and another objective's",
    [
      burn("SloBurnRate1h", "critical", "x"),
      burn("SloBurnRate3d", "warning", "x"),
      burn("SloBurnRate3d", "warning", "y"),
    ],
    [burn("SloBurnRate3d", "warning", "x")],
  ],
];

describe("Alertmanager keeps to itself what something else explains", () => {
  let folder: string;
  let alertmanager: ChildProcess;
  let url: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "inhibition-"));
    const { alerting } = parseSettings({
      alerting: { receivers: [{ name: "x", webhook: { url: "http://127.0.0.1:1/" } }] },
    });
    const { config } = alertmanagerConfig(alerting, clock(1));
    writeFileSync(join(folder, "messages.tmpl"), TEMPLATES);
    writeFileSync(
      join(folder, "alertmanager.yml"),
      config.replaceAll(`${CONFIG_FOLDER}/`, `${folder}/`),
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    alertmanager = spawn(
      (await ensureAlertmanagerPrograms(report)).alertmanager,
      [
        ...[`--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`],
        ...[`--web.listen-address=127.0.0.1:${port}`, "--cluster.listen-address="],
      ],
      { stdio: "ignore" },
    );
    await eventually(async () => (await fetch(`${url}/-/ready`)).ok);
  });

  after(async () => {
    const ended = new Promise((resolve) => alertmanager.once("exit", resolve));
    alertmanager.kill();
    await ended;
    rmSync(folder, { recursive: true });
  });

  for (const [index, [name, firing, silenced]] of CASES.entries()) {
    it(name, async () => {
      // A label of its own keeps each case's alerts apart; the cases before have ended by then.
      const mine = (labels: Labels) => ({ ...labels, case: `${index}` });
      const post = (endsAt: number) =>
        fetch(`${url}/api/v2/alerts`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(
            firing.map((labels) => ({
              labels: mine(labels),
              startsAt: new Date(Date.now() - 60_000).toISOString(),
              endsAt: new Date(endsAt).toISOString(),
            })),
          ),
        });
      await post(Date.now() + 60_000);
      let found: { labels: Labels; status: { inhibitedBy: string[] } }[] = [];
      const told = () =>
        found
          .filter(({ status }) => status.inhibitedBy.length > 0)
          .map(({ labels }) => key(labels));
      const wanted = silenced.map(mine).map(key).sort();
      await eventually(async () => {
        const answer = await fetch(`${url}/api/v2/alerts?filter=case%3D%22${index}%22`);
        found = (await answer.json()) as typeof found;
        return found.length === firing.length && told().sort().join() === wanted.join();
      }).catch(() => undefined);
      assert.deepEqual(told().sort(), wanted);
      assert.equal(found.length, firing.length);
      await post(Date.now() - 1000);
      await sleep(100);
    });
  }
});

function key(labels: Labels): string {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${value}`)
    .join(" ");
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("It did not come to that within 5 s.");
    await sleep(100);
  }
}
