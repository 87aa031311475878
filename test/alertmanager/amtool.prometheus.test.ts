import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { alertmanagerConfig } from "../../alertmanager/config.ts";
import { CONFIG_FOLDER, SECRETS_FOLDER } from "../../alertmanager/server.ts";
import { TEMPLATES } from "../../alertmanager/templates.ts";
import { ensureAlertmanagerPrograms } from "../../offline/images/index.ts";
import { clock } from "../../common/clock.ts";
import { parseSettings } from "../../settings.ts";
import { report } from "../../tools/setup/report.ts";
import { EVERY_WAY } from "./everyWay.ts";

describe("amtool", () => {
  let folder: string;
  let amtool: string;

  before(async () => {
    ({ amtool } = await ensureAlertmanagerPrograms(report));
    folder = mkdtempSync(join(tmpdir(), "alertmanager-"));
    mkdirSync(join(folder, "secrets"));
    const { alerting } = parseSettings({ alerting: EVERY_WAY });
    const { config, secrets } = alertmanagerConfig(alerting, clock(1));
    for (const [name, value] of Object.entries(secrets)) {
      writeFileSync(join(folder, "secrets", name), value);
    }
    writeFileSync(join(folder, "messages.tmpl"), TEMPLATES);
    writeFileSync(
      join(folder, "alertmanager.yml"),
      config.replaceAll(SECRETS_FOLDER, join(folder, "secrets")).replaceAll(CONFIG_FOLDER, folder),
    );
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("accepts a configuration with every way to people, routes, mute times and templates", () => {
    const { status, stdout, stderr } = spawnSync(
      amtool,
      ["check-config", join(folder, "alertmanager.yml")],
      { encoding: "utf8" },
    );
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /- 4 inhibit rules\n - 3 receivers\n - 1 templates\n/);
  });

  const routes: [string, string[], string][] = [
    ["what no route takes to the first receiver", ["alertname=A", "severity=critical"], "all"],
    ["a warning about a model of a route", ["severity=warning", "model_name=m"], "a/b"],
    ["a warning about another model", ["severity=warning", "model_name=mm"], "all"],
    ["the Watchdog", ["alertname=Watchdog"], "a/b"],
  ];
  for (const [name, labels, receiver] of routes) {
    it(`routes ${name}`, () => {
      const file = join(folder, "alertmanager.yml");
      const args = ["config", "routes", "test", `--config.file=${file}`, ...labels];
      assert.equal(execFileSync(amtool, args, { encoding: "utf8" }).trim(), receiver);
    });
  }

  it("makes a message of an alert: model, instance, value, threshold, board with time, runbook", () => {
    const file = join(folder, "data.json");
    writeFileSync(file, JSON.stringify(MESSAGE));
    const render = (template: string) =>
      execFileSync(
        amtool,
        [
          ...["template", "render", `--template.glob=${join(folder, "messages.tmpl")}`],
          ...[`--template.data=${file}`, `--template.text={{ template "${template}" . }}`],
        ],
        { encoding: "utf8" },
      ).trim();
    assert.equal(render("vllm.title"), "[1 firing] critical m: a:8000 stands still");
    assert.equal(
      render("vllm.text"),
      [
        "FIRING critical VllmEngineStalled: a:8000 stands still",
        "It made no step.",
        "Model: m",
        "Instance: a:8000",
        "Value: 5 waiting or running (threshold: no step in 5 min)",
        "Board: http://g/d/vllm-instances?var-instance=a%3A8000&from=1767261600000&to=now",
        "Runbook: http://g/d/vllm-runbooks?viewPanel=7",
      ].join("\n"),
    );
  });
});

/** What Alertmanager makes a message of. */
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
