import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ensureAlertmanagerPrograms } from "../../lab/kit/images/index.ts";
import { report } from "../../tools/report.ts";
import { writeConfiguration } from "./realAlertmanager.ts";
import { EVERY_WAY } from "./everyWay.ts";

describe("amtool", () => {
  let folder: string;
  let amtool: string;

  before(async () => {
    ({ amtool } = await ensureAlertmanagerPrograms(report));
    folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
    writeConfiguration(folder, EVERY_WAY);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("accepts a configuration with every integration, routes, mute times and templates", () => {
    const { status, stdout, stderr } = spawnSync(
      amtool,
      ["check-config", join(folder, "alertmanager.yml")],
      { encoding: "utf8" },
    );
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /- 5 inhibit rules\n - 3 receivers\n - 1 templates\n/);
  });

  const routes: [string, string[], string][] = [
    ["what no route takes to the first receiver", ["alertname=A", "severity=critical"], "all"],
    ["a warning about a model of a route", ["severity=warning", "model_name=m"], "a/b"],
    ["a warning about another model", ["severity=warning", "model_name=mm"], "all"],
    ["a model without notifications", ["severity=critical", "model_name=q"], "none"],
    ["the Watchdog", ["alertname=Watchdog"], "a/b"],
  ];
  for (const [name, labels, receiver] of routes) {
    it(`routes ${name}`, () => {
      const file = join(folder, "alertmanager.yml");
      const args = ["config", "routes", "test", `--config.file=${file}`, ...labels];
      assert.equal(execFileSync(amtool, args, { encoding: "utf8" }).trim(), receiver);
    });
  }

  function render(template: string, message: object): string {
    const file = join(folder, "data.json");
    writeFileSync(file, JSON.stringify(message));
    const args = [
      ...["template", "render", `--template.glob=${join(folder, "messages.tmpl")}`],
      ...[`--template.data=${file}`, `--template.text={{ template "${template}" . }}`],
    ];
    return execFileSync(amtool, args, { encoding: "utf8" }).trim();
  }

  const LINES = [
    "FIRING critical VllmEngineStalled: a:8000 stands still",
    "It made no step.",
    "Since 2026-01-01 11:00 UTC",
    "Model: m",
    "Instance: a:8000",
    "Value: 5 waiting or running (threshold: no step in 5 min)",
  ];
  const DASHBOARD = "http://g/d/vllm-instances?var-instance=a%3A8000&from=1767261600000&to=now";
  const RUNBOOK = "http://g/d/vllm-runbooks?viewPanel=7";

  it("renders a message: model, instance, value, threshold, dashboard with time, runbook", () => {
    assert.equal(render("vllm.title", MESSAGE), "[1 firing] critical m: a:8000 stands still");
    assert.equal(
      render("vllm.text", MESSAGE),
      [...LINES, `Dashboard: ${DASHBOARD}`, `Runbook: ${RUNBOOK}`].join("\n"),
    );
  });

  it("renders lines as paragraphs, and links, for services that read Markdown", () => {
    assert.equal(
      render("vllm.markdown", MESSAGE),
      [...LINES, `[Dashboard](${DASHBOARD})`, `[Runbook](${RUNBOOK})`].join("\n\n"),
    );
  });

  it("lists firing alerts first, then resolved ones with their end time", () => {
    const [alert] = MESSAGE.alerts;
    const over = {
      ...{ ...alert, status: "resolved", endsAt: "2026-01-01T12:00:00Z" },
      annotations: { ...alert?.annotations, summary: "b:8000 stands still", value: undefined },
    };
    const both = { ...MESSAGE, alerts: [over, alert, alert] };
    assert.equal(
      render("vllm.title", both),
      "[2 firing] critical m: a:8000 stands still, and 1 more",
    );
    assert.equal(render("vllm.firstDashboard", both), DASHBOARD);
    assert.deepEqual(render("vllm.text", both).match(/^(FIRING|RESOLVED)/gm), [
      ...["FIRING", "FIRING", "RESOLVED"],
    ]);
    const end = { ...MESSAGE, status: "resolved", alerts: [over, over] };
    assert.equal(
      render("vllm.title", end),
      "[resolved] critical m: b:8000 stands still, and 1 more",
    );
    assert.match(
      render("vllm.text", end),
      /\nFrom 2026-01-01 11:00 UTC to 2026-01-01 12:00 UTC\nModel: m\nInstance: a:8000\nDashboard: .*&to=1767268800000\n/,
    );
  });
});

/** The data from which Alertmanager renders a message. */
const MESSAGE = {
  receiver: "all",
  status: "firing",
  alerts: [
    {
      status: "firing",
      labels: {
        alertname: "VllmEngineStalled",
        severity: "critical",
        model_name: "m",
        instance: "a:8000",
      },
      annotations: {
        summary: "a:8000 stands still",
        description: "It made no step.",
        value: "5 waiting or running",
        threshold: "no step in 5 min",
        dashboard_url: "http://g/d/vllm-instances?var-instance=a%3A8000",
        runbook_url: "http://g/d/vllm-runbooks?viewPanel=7",
      },
      startsAt: "2026-01-01T11:00:00Z",
      endsAt: "0001-01-01T00:00:00Z",
    },
  ],
  groupLabels: { model_name: "m" },
  commonLabels: { alertname: "VllmEngineStalled", severity: "critical", model_name: "m" },
  commonAnnotations: {},
  externalURL: "http://am",
};
