import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ruleOptions } from "../plan.ts";
import { parseSettings, SettingsError } from "../settings.ts";

const OPS = { name: "ops", webhook: { url: "https://hooks.example/secret-part" } };

/** An email receiver with the given keys changed. */
const mail = (changed: Record<string, string>) => ({
  alerting: {
    receivers: [
      { name: "ops", email: { to: "a@b", from: "c@d", smarthost: "mail:25", ...changed } },
    ],
  },
});

/** The only fault of a configuration. */
function faultOf(config: Record<string, unknown>): string {
  try {
    parseSettings(config);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    const [, ...lines] = error.message.split("\n");
    assert.equal(lines.length, 1, error.message);
    return lines[0]?.trim() ?? "";
  }
  assert.fail("no fault");
}

describe("alerting settings reject, naming the key, the value and what to do", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    [
      "a misspelt alert in the list of disabled alerts",
      { alerting: { disabled: ["VllmTargetdown"] } },
      'vllm-observability:alerting.disabled[0]: "VllmTargetdown" is not an alert: give one such as VllmTargetDown, ',
    ],
    [
      "a misspelt alert in a route",
      { alerting: { receivers: [OPS], routes: [{ receiver: "ops", alerts: ["VllmTargetDwon"] }] } },
      'vllm-observability:alerting.routes[0].alerts[0]: "VllmTargetDwon" is not an alert: give one such as VllmTargetDown, VllmTargetFlapping, VllmModelDown (docs/alerts.md lists them all), or remove it.',
    ],
    [
      "an unknown field of a receiver",
      { alerting: { receivers: [{ ...OPS, slak: {} }] } },
      "vllm-observability:alerting.receivers[0].slak is not a known setting: remove it or correct its name",
    ],
    [
      "an unknown field of a receiver's integration",
      { alerting: { receivers: [{ name: "ops", slack: { url: "https://a", room: "#a" } }] } },
      "vllm-observability:alerting.receivers[0].slack.room is not a known setting: remove it",
    ],
    [
      "a receiver without an integration",
      { alerting: { receivers: [{ name: "ops" }] } },
      "vllm-observability:alerting.receivers[0]: (not shown) has no integration: add one of webhook, slack",
    ],
    [
      "a missing secret",
      { alerting: { receivers: [{ name: "ops", pagerduty: {} }] } },
      'vllm-observability:alerting.receivers[0].pagerduty.routingKey: (not shown) is missing: set the integration key of Events API v2 by "npm run pulumi -- config set --secret --stack NAME --path"',
    ],
    [
      "a bad URL, without showing it",
      { alerting: { receivers: [{ name: "ops", webhook: { url: "hooks.example/s3cret" } }] } },
      'vllm-observability:alerting.receivers[0].webhook.url: (not shown) is not a URL: give one such as "https://host.example/path"',
    ],
    [
      "a value where a group should be, without showing it",
      { alerting: { receivers: [{ name: "ops", slack: "https://hooks.example/s3cret" }] } },
      "vllm-observability:alerting.receivers[0].slack: (not shown) is not a group of settings",
    ],
    [
      "a mail server without a port",
      {
        alerting: {
          receivers: [{ name: "ops", email: { to: "a@b", from: "c@d", smarthost: "mail" } }],
        },
      },
      "vllm-observability:alerting.receivers[0].email.smarthost: (not shown) is not a mail server",
    ],
    [
      "a mail server on port 65536",
      mail({ smarthost: "mail:65536" }),
      'vllm-observability:alerting.receivers[0].email.smarthost: (not shown) is not a mail server: give "host:port", such as "mail.example:587", with a port from 1 to 65535.',
    ],
    [
      "a mail server on port 0",
      mail({ smarthost: "mail:0" }),
      "vllm-observability:alerting.receivers[0].email.smarthost: (not shown) is not a mail server",
    ],
    [
      "mail to an invalid address",
      mail({ to: "a@b, not an address" }),
      'vllm-observability:alerting.receivers[0].email.to: (not shown) is not an address: give one such as "ops@mail.example", or several, separated by commas.',
    ],
    [
      "mail from several senders",
      mail({ from: "a@b, c@d" }),
      'vllm-observability:alerting.receivers[0].email.from: (not shown) is not an address: give one such as "alerts@mail.example".',
    ],
    [
      "an email password without a user name",
      mail({ password: "s3cret" }),
      "vllm-observability:alerting.receivers[0].email.username: (not shown) is missing, but password is set: set both to log in, or neither.",
    ],
    [
      "an email user name without a password",
      mail({ username: "stack" }),
      "vllm-observability:alerting.receivers[0].email.password: (not shown) is missing, but username is set: set both to log in, or neither.",
    ],
    [
      "two receivers with the same name",
      { alerting: { receivers: [OPS, OPS] } },
      'vllm-observability:alerting.receivers[1].name: "ops" is the name of two receivers',
    ],
    [
      "a route to an unknown receiver",
      { alerting: { receivers: [OPS], routes: [{ receiver: "opps" }] } },
      'vllm-observability:alerting.routes[0].receiver: "opps" is not a known receiver: give one of ops.',
    ],
    [
      "a route although there are no receivers",
      { alerting: { routes: [{ receiver: "ops" }] } },
      'vllm-observability:alerting.routes[0].receiver: "ops" is not a known receiver: add it to alerting.receivers.',
    ],
    [
      "a route with an unknown mute time",
      { alerting: { receivers: [OPS], routes: [{ receiver: "ops", muteTimes: ["night"] }] } },
      'vllm-observability:alerting.routes[0].muteTimes[0]: "night" is not a known mute time: add it to alerting.muteTimes.',
    ],
    [
      "an unknown severity in a route",
      { alerting: { receivers: [OPS], routes: [{ receiver: "ops", severity: ["info"] }] } },
      'vllm-observability:alerting.routes[0].severity[0]: "info" is not a severity',
    ],
    [
      "a mute time that never ends",
      { alerting: { receivers: [OPS], muteTimes: [{ name: "night" }] } },
      'vllm-observability:alerting.muteTimes[0].name: "night" would always mute',
    ],
    [
      "an invalid time of day",
      { alerting: { muteTimes: [{ name: "night", from: "25:00", to: "06:00" }] } },
      'vllm-observability:alerting.muteTimes[0].from: "25:00" is not a time of day',
    ],
    [
      "an unknown time zone",
      { alerting: { muteTimes: [{ name: "a", weekdays: ["monday"], location: "Mars" }] } },
      'vllm-observability:alerting.muteTimes[0].location: "Mars" is not a time zone',
    ],
    [
      "an unknown receiver for the Watchdog",
      { alerting: { receivers: [OPS], watchdogReceiver: "snitch" } },
      'vllm-observability:alerting.watchdogReceiver: "snitch" is not a known receiver: give one of ops.',
    ],
    [
      "a receiver with the name of the built-in one",
      { alerting: { receivers: [{ ...OPS, name: "none" }] } },
      'vllm-observability:alerting.receivers[0].name: "none" is the built-in receiver that sends no notifications: choose another name.',
    ],
    [
      "a runbook URL without the alert's name",
      { alerting: { runbookUrl: "https://wiki.example/" } },
      'vllm-observability:alerting.runbookUrl: "https://wiki.example/" has no {alert} in it',
    ],
    [
      "a share above 1 as a threshold",
      { alerting: { thresholds: { errorRatio: 5 } } },
      "vllm-observability:alerting.thresholds.errorRatio: 5 is above 1: give a share from 0 to 1.",
    ],
    [
      "a threshold of 0",
      { alerting: { thresholds: { queueSeconds: 0 } } },
      "vllm-observability:alerting.thresholds.queueSeconds: 0 is not positive",
    ],
    [
      "an objective with a target of 0",
      { slo: { objectives: [{ name: "a", metric: "errors", target: 0 }] } },
      "vllm-observability:slo.objectives[0].target: 0 is not a share",
    ],
    [
      "an objective's window shorter than the longest window of its burn rates",
      { slo: { objectives: [{ name: "a", metric: "errors", target: 0.9, window: "1s" }] } },
      'vllm-observability:slo.objectives[0].window: "1s" is shorter than the longest window of its burn rates: give 3d or more',
    ],
    [
      "an objective's window longer than the retention time",
      { slo: { objectives: [{ name: "a", metric: "errors", target: 0.9, window: "31d" }] } },
      'vllm-observability:retention.time: "30d" is shorter than the window of the objective "a", 31d: keep samples longer,',
    ],
    [
      "a retention time shorter than the longest window of the burn rates",
      { retention: { time: "71h" } },
      'vllm-observability:retention.time: "71h" is shorter than 3d, over which the burn rates of objectives are measured: keep samples longer, or give slo.objectives: [] for none.',
    ],
    [
      "a scrape interval longer than half the rules' shortest window",
      { scrapeInterval: "151s" },
      'vllm-observability:scrapeInterval: "151s" is too long for the rules: two scrapes must fit in their shortest window, 300 s.',
    ],
    [
      "a target group's scrape interval longer than half the rules' shortest window in a drill",
      {
        targets: [{ addresses: ["a:1"], scrapeInterval: "4s" }],
        ...{ scrapeInterval: "1s", evaluationInterval: "1s" },
        alerting: { timeScale: 0.02 },
      },
      'vllm-observability:targets[0].scrapeInterval: "4s" is too long for the rules: two scrapes must fit in their shortest window, 6 s.',
    ],
    [
      "an evaluation interval longer than half the rules' shortest window",
      { evaluationInterval: "151s" },
      'vllm-observability:evaluationInterval: "151s" is too long for the rules: give at most half of their shortest window, 150 s;',
    ],
    [
      "an evaluation interval longer than half the rules' shortest window in a drill",
      { scrapeInterval: "1s", evaluationInterval: "4s", alerting: { timeScale: 0.02 } },
      'vllm-observability:evaluationInterval: "4s" is too long for the rules: give at most half of their shortest window, 3 s;',
    ],
    [
      "a latency threshold that is not a bound of a target's custom buckets",
      {
        targets: [{ addresses: ["a:1"], customBuckets: { time_to_first_token: [0.5, 2, 8] } }],
        slo: {
          objectives: [{ name: "a", metric: "time_to_first_token", threshold: 1, target: 0.9 }],
        },
      },
      "vllm-observability:slo.objectives[0].threshold: 1 is not the end of a bucket, so that classic histograms cannot tell: give 0.5 or 2",
    ],
    [
      "custom token buckets without the bound 1, which an objective needs",
      { targets: [{ addresses: ["a:1"], customBuckets: { request_tokens: [10, 100] } }] },
      'vllm-observability:targets[0].customBuckets.request_tokens: [10,100] has no bucket that ends at 1, which the objective "Tokens within 0.1 s" needs to exclude',
    ],
    [
      "a slow-scrape threshold that is not below the scrape timeout",
      { scrapeInterval: "3s", alerting: { thresholds: { scrapeSeconds: 3 } } },
      "vllm-observability:alerting.thresholds.scrapeSeconds: 3 can never be reached: a scrape times out after 3 s (the shortest scrape interval, at most 10 s); give less.",
    ],
    [
      "a slow-scrape threshold of 10 s, after which scrapes time out even if the interval is longer",
      { scrapeInterval: "30s", alerting: { thresholds: { scrapeSeconds: 10 } } },
      "vllm-observability:alerting.thresholds.scrapeSeconds: 10 can never be reached: a scrape times out after 10 s",
    ],
    [
      "a waiting time that is not a whole number of seconds",
      { alerting: { thresholds: { downSeconds: 1.5 } } },
      "vllm-observability:alerting.thresholds.downSeconds: 1.5 is not a number of seconds: give a whole number from 1 to 86400.",
    ],
    [
      "custom buckets that are not in ascending order",
      { targets: [{ addresses: ["a:1"], customBuckets: { time_to_first_token: [2, 1] } }] },
      "vllm-observability:targets[0].customBuckets.time_to_first_token: [2,1] does not ascend",
    ],
    [
      "Alertmanager on Grafana's port",
      { alertmanager: { port: 3000 }, alerting: { receivers: [OPS] } },
      "vllm-observability:alertmanager.port: 3000 is also another service's port",
    ],
  ];
  for (const [name, config, expected] of cases) {
    it(name, () => {
      const fault = faultOf(config);
      assert.equal(fault.slice(0, expected.length), expected);
      assert.doesNotMatch(fault, /s3cret|secret-part/);
    });
  }
});

describe("alerting settings accept", () => {
  it("a threshold for slow scrapes: by default 2 s, or half the shortest interval", () => {
    const scrapeSeconds = (config: Record<string, unknown>) =>
      ruleOptions(parseSettings(config)).thresholds.scrapeSeconds;
    const often = [{ addresses: ["a:1"], scrapeInterval: "1s" }];
    assert.equal(scrapeSeconds({}), 2);
    assert.equal(scrapeSeconds({ scrapeInterval: "3s" }), 1.5);
    assert.equal(scrapeSeconds({ targets: often }), 0.5);
    assert.equal(scrapeSeconds({ alerting: { thresholds: { scrapeSeconds: 4.9 } } }), 4.9);
  });

  it("any length buckets if no objective is about tokens", () => {
    const targets = (request_tokens: number[]) => [
      { addresses: ["a:1"], customBuckets: { request_tokens } },
    ];
    parseSettings({ targets: targets([1, 10]) });
    parseSettings({ targets: targets([10]), slo: { objectives: [] } });
  });

  it("a threshold that is a bound of every target's own buckets, and any with native histograms", () => {
    const objectives = [
      { name: "a", metric: "time_to_first_token", threshold: 2, target: 0.9, window: "3d" },
    ];
    const targets = [
      { name: "x", addresses: ["a:1"], customBuckets: { time_to_first_token: [0.5, 2, 8] } },
      { name: "y", addresses: ["b:1"], customBuckets: { time_to_first_token: [1, 2] } },
    ];
    assert.equal(parseSettings({ targets, slo: { objectives } }).slo.objectives[0]?.threshold, 2);
    const native = { histograms: "native", slo: { objectives } };
    assert.equal(parseSettings(native).slo.objectives[0]?.threshold, 2);
  });

  it("an encrypted secret, and one that the engine decrypted", () => {
    const settings = parseSettings({
      alerting: {
        receivers: [
          { name: "a", slack: { url: { secure: "AAAB" } } },
          { name: "b", slack: { url: "https://hooks.example/x" } },
        ],
      },
    });
    assert.deepEqual(
      settings.alerting.receivers.map(({ slack }) => slack?.url),
      ["(encrypted)", "https://hooks.example/x"],
    );
  });

  it("objectives over 30 days, or as long as samples are kept, if no window is given", () => {
    const windows = (time: string, window?: string) =>
      new Set(
        parseSettings({
          retention: { time },
          ...(window && {
            slo: { objectives: [{ name: "a", metric: "errors", target: 0.9, window }] },
          }),
        }).slo.objectives.map((objective) => objective.window),
      );
    assert.deepEqual(windows("90d"), new Set(["30d"]));
    assert.deepEqual(windows("15d"), new Set(["15d"]));
    assert.deepEqual(windows("3d"), new Set(["3d"]));
    assert.deepEqual(windows("90d", "60d"), new Set(["60d"]));
  });

  it("any retention, however short, if there are no objectives", () => {
    const settings = parseSettings({ retention: { time: "1h" }, slo: { objectives: [] } });
    assert.equal(settings.retention.time, "1h");
  });

  it("a scrape interval that fits exactly twice in a rule's window", () => {
    assert.equal(parseSettings({ scrapeInterval: "150s" }).scrapeInterval, "150s");
  });

  it("an evaluation interval that fits exactly twice in the rules' shortest window", () => {
    assert.equal(parseSettings({ evaluationInterval: "150s" }).evaluationInterval, "150s");
    const drill = { scrapeInterval: "1s", evaluationInterval: "3s", alerting: { timeScale: 0.02 } };
    assert.equal(parseSettings(drill).evaluationInterval, "3s");
  });

  it("a route that selects alerts by name, to the built-in receiver", () => {
    const { routes } = parseSettings({
      alerting: {
        receivers: [OPS],
        routes: [{ receiver: "none", models: ["m"], alerts: ["VllmTargetDown"] }],
      },
    }).alerting;
    assert.deepEqual(routes, [
      { receiver: "none", models: ["m"], alerts: ["VllmTargetDown"], continue: false },
    ]);
  });

  it("email to several named recipients, with a login and the highest port", () => {
    const settings = parseSettings(
      mail({
        to: "Ops <ops@mail.example>, root@localhost",
        ...{ from: "Stack <a@b>", smarthost: "mail:65535", username: "u", password: "p" },
      }),
    );
    assert.equal(settings.alerting.receivers[0]?.email?.smarthost, "mail:65535");
  });

  it("Alertmanager's port for another service if there is no Alertmanager", () => {
    assert.equal(parseSettings({ alertmanager: { port: 3000 } }).alertmanager.port, 3000);
  });
});
