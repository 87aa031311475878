import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { alertmanagerConfig, type AlertmanagerFiles } from "../../alertmanager/config.ts";
import { demo } from "../../demo.ts";
import { planFiles, planStack } from "../../plan.ts";
import { durationScale } from "../../common/timeScale.ts";
import { parseSettings } from "../../settings.ts";
import { EVERY_WAY } from "./everyWay.ts";

function files(alerting: Record<string, unknown>, scale = 1): AlertmanagerFiles {
  return alertmanagerConfig(parseSettings({ alerting }).alerting, durationScale(scale));
}

interface Config {
  route: Record<string, unknown> & { routes: Record<string, unknown>[] };
  receivers: Record<string, unknown>[];
  inhibit_rules: unknown[];
  time_intervals?: unknown[];
}

const config = (alerting: Record<string, unknown>, scale = 1) =>
  parse(files(alerting, scale).config) as Config;

const OPS = { name: "ops", webhook: { url: "https://hooks.example/ops" } };
const DEV = { name: "dev", webhook: { url: "https://hooks.example/dev" } };

describe("alertmanagerConfig", () => {
  it("keeps secrets in files, and has only their paths in the configuration", () => {
    const { config: text, secrets } = files(EVERY_WAY);
    assert.deepEqual(secrets, {
      "all-webhook-url": "https://secret.example/webhook",
      "all-webhook-bearer-token": "secret-bearer",
      "all-slack-url": "https://secret.example/slack",
      "all-pagerduty-routing-key": "secret-routing",
      "all-email-password": "secret-password",
      "all-opsgenie-api-key": "secret-api",
      "all-msteams-url": "https://secret.example/teams",
      "all-discord-url": "https://secret.example/discord",
      "all-telegram-bot-token": "secret-bot",
      "a%2Fb-webhook-url": "https://secret.example/other",
    });
    assert.doesNotMatch(text, /secret-|secret\.example/);
    for (const name of Object.keys(secrets)) {
      assert.ok(text.includes(`/etc/alertmanager-secrets/${name}\n`), name);
    }
  });

  it("writes no secret into rendered files", () => {
    const rendered = planFiles(planStack(parseSettings({ alerting: EVERY_WAY }), demo));
    assert.ok("alertmanager/alertmanager.yml" in rendered);
    assert.doesNotMatch(JSON.stringify(rendered), /secret-bearer|secret-bot|secret\.example/);
  });

  it("sends alerts that match no route to the first receiver, by model and severity", () => {
    const { route } = config({ receivers: [OPS, DEV] });
    assert.deepEqual(route, {
      receiver: "ops",
      group_by: ["model_name", "severity"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [{ receiver: "none", matchers: ['alertname="Watchdog"'] }],
    });
  });

  it("routes by severity, model, alert and label, in the order given", () => {
    const { route } = config({
      receivers: [OPS, DEV],
      routes: [
        {
          receiver: "dev",
          severity: ["warning"],
          models: ["llama-3.1", "qwen"],
          alerts: ["VllmTargetDown"],
          labels: { team: 'a "b"' },
          continue: true,
        },
        { receiver: "ops" },
      ],
    });
    assert.deepEqual(route.routes.slice(1), [
      {
        receiver: "dev",
        matchers: [
          'severity=~"warning"',
          'model_name=~"llama-3\\\\.1|qwen"',
          'alertname=~"VllmTargetDown"',
          'team="a \\"b\\""',
        ],
        continue: true,
      },
      { receiver: "ops" },
    ]);
  });

  it("sends the Watchdog every few minutes to its receiver only", () => {
    const { route } = config({ receivers: [OPS, DEV], watchdogReceiver: "dev" });
    assert.deepEqual(route.routes, [
      {
        receiver: "dev",
        matchers: ['alertname="Watchdog"'],
        group_wait: "0s",
        group_interval: "1m",
        repeat_interval: "5m",
      },
    ]);
  });

  it("continues a mute time after midnight on the following day", () => {
    const { time_intervals, route } = config({
      receivers: [OPS],
      routes: [{ receiver: "ops", muteTimes: ["night"] }],
      muteTimes: [
        {
          name: "night",
          from: "22:00",
          to: "06:30",
          weekdays: ["friday", "sunday"],
          location: "Europe/Berlin",
        },
        { name: "evening", from: "22:00", to: "00:00" },
        { name: "noon", from: "12:00", to: "13:00" },
        { name: "weekend", weekdays: ["saturday"] },
      ],
    });
    assert.deepEqual(route.routes[1], { receiver: "ops", mute_time_intervals: ["night"] });
    assert.deepEqual(time_intervals, [
      {
        name: "night",
        time_intervals: [
          {
            times: [{ start_time: "22:00", end_time: "24:00" }],
            weekdays: ["friday", "sunday"],
            location: "Europe/Berlin",
          },
          {
            times: [{ start_time: "00:00", end_time: "06:30" }],
            weekdays: ["saturday", "monday"],
            location: "Europe/Berlin",
          },
        ],
      },
      {
        name: "evening",
        time_intervals: [{ times: [{ start_time: "22:00", end_time: "24:00" }] }],
      },
      { name: "noon", time_intervals: [{ times: [{ start_time: "12:00", end_time: "13:00" }] }] },
      { name: "weekend", time_intervals: [{ weekdays: ["saturday"] }] },
    ]);
  });

  it("has shorter waiting times in a drill", () => {
    const { route } = config({ receivers: [OPS] }, 0.01);
    assert.deepEqual(
      [route.group_wait, route.group_interval, route.repeat_interval],
      ["300ms", "3000ms", "144000ms"],
    );
  });
});
