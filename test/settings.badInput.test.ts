/** Settings that a server, Docker or a template would reject or misread. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planStack } from "../plan.ts";
import { demo } from "../demo.ts";
import { parseSettings, settingsJsonSchema, SettingsError } from "../settings.ts";

const WRONG_VALUES = [null, -1, 0.5, 1e300, NaN, "", "x", true, [], {}, [-1], [null], { a: 1 }];

const RECEIVER_KEYS = ["webhook", "slack", "pagerduty", "email", "opsgenie", "msteams", "discord"];
const ROUTE_KEYS = ["receiver", "severity", "models", "alerts", "labels", "muteTimes", "continue"];
const MUTE_TIME_KEYS = ["name", "from", "to", "weekdays", "location"];
const TARGET_KEYS = ["addresses", "labels", "scheme", "metricsPath", "customBuckets", "canary"];
const OBJECTIVE_KEYS = ["name", "metric", "threshold", "target", "window", "models"];

type Config = Record<string, unknown>;

const SECRET = "https://hooks.example/s3cret";
const OPS = { name: "ops", webhook: { url: SECRET } };

const alerting = (given: Config): Config => ({ alerting: { receivers: [OPS], ...given } });
const webhook = (url: unknown) => ({
  alerting: { receivers: [{ name: "ops", webhook: { url } }] },
});
const image = (text: string): Config => ({ grafana: { image: text } });
const publicUrl = (text: string): Config => ({ grafana: { publicUrl: text } });
const group = (given: Config): Config => ({ targets: [{ addresses: ["a:1"], ...given }] });
const muted = (given: Config) => alerting({ muteTimes: [{ name: "night", ...given }] });
const mail = (given: Config): Config => {
  const email = { to: "a@b", from: "a@b", smarthost: "mail:25", ...given };
  return { alerting: { receivers: [{ name: "ops", email }] } };
};
const everyDay = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const asEngine = (text: string) => JSON.parse(text) as Config;

const REFUSED: Record<string, [config: Config, fault: string][]> = {
  "values that a server cannot represent": [
    [{ retention: { time: "293y" } }, 'retention.time: "293y" is longer than'],
    [alerting({ groupWait: "300y" }), 'alerting.groupWait: "300y" is longer than'],
    [{ retention: { size: "8EB" } }, 'retention.size: "8EB" is more than'],
    [{ prometheus: { memory: 8_388_609 } }, "prometheus.memory: 8388609 is not a memory limit"],
    [
      { alerting: { thresholds: { downSeconds: 86_401 } } },
      "alerting.thresholds.downSeconds: 86401 is not a number of seconds",
    ],
    [group({ labels: { inf: "a" } }), 'targets[0].labels.inf: "inf" is a number in PromQL'],
    [group({ labels: { NaN: "a" } }), 'targets[0].labels.NaN: "NaN" is a number in PromQL'],
    [group({ labels: { a: "b\u2028" } }), "targets[0].labels.a contains the character U+2028"],
    [
      alerting({ watchdogReceiver: "\ud800" }),
      "alerting.watchdogReceiver contains the character U+D800",
    ],
    [group({ name: "a\u007f" }), "targets[0].name contains the character U+007F"],
    [asEngine('{"thresholds":{"__proto__":1}}'), "thresholds has a key __proto__"],
    [
      group({ customBuckets: { time_to_first_token: [-1, 1] } }),
      "targets[0].customBuckets.time_to_first_token: [-1,1] has a bound below 0",
    ],
  ],
  "bind addresses with a zone, multicast and broadcast": [
    [{ bindAddress: "::1%lo" }, 'bindAddress: "::1%lo" has a zone'],
    [{ bindAddress: "224.0.0.1" }, 'bindAddress: "224.0.0.1" is a multicast'],
    [{ bindAddress: "ff02::1" }, 'bindAddress: "ff02::1" is a multicast'],
    [{ bindAddress: "255.255.255.255" }, 'bindAddress: "255.255.255.255" is a multicast'],
  ],
  "image names that Docker rejects": [
    ...["a/:1", "a..b:1", "a/-/b:1", "a__b___c:1", "-a:1", "A:1"].map((text): [Config, string] => [
      image(text),
      `grafana.image: "${text}" is not an image with a tag`,
    ]),
    [image(`${"a".repeat(256)}:1`), `grafana.image: "${"a".repeat(256)}:1" has a name of more`],
  ],
  "URLs and paths that Go cannot parse, or with parts that are not allowed": [
    [publicUrl("https:///x"), 'grafana.publicUrl: "https:///x" has no valid host'],
    [publicUrl("https://h/%zz"), 'grafana.publicUrl: "https://h/%zz" contains a "%"'],
    [publicUrl("https://g/{{"), 'grafana.publicUrl: "https://g/{{" contains "{"'],
    [publicUrl("https://g/a b"), 'grafana.publicUrl: "https://g/a b" contains " "'],
    [publicUrl("https://g/?a=1"), 'grafana.publicUrl: "https://g/?a=1" has a query'],
    [publicUrl("https://g/#a"), 'grafana.publicUrl: "https://g/#a" has a query or a fragment'],
    [
      publicUrl("https://user:s3cret@g/"),
      'grafana.publicUrl: "https://(not shown)@g/" contains a login',
    ],
    [
      alerting({ runbookUrl: "https://h/{{foo}}{alert}" }),
      'alerting.runbookUrl: "https://h/{{foo}}{alert}" contains "{"',
    ],
    [group({ metricsPath: "/metrics?x=1" }), 'targets[0].metricsPath: "/metrics?x=1" has a query'],
    [group({ metricsPath: "/{a}" }), 'targets[0].metricsPath: "/{a}" contains a character'],
    ...["https://\\h", "https://h/%", "ftp://h"].map((url): [Config, string] => [
      webhook(url),
      "alerting.receivers[0].webhook.url: (not shown) is not a URL",
    ]),
    [webhook({ secure: 5 }), "alerting.receivers[0].webhook.url: (not shown) is missing"],
  ],
  "mail addresses and mute times that Alertmanager refuses": [
    [mail({ to: "Ops: on call <a@b>" }), "alerting.receivers[0].email.to: (not shown) is not an"],
    [mail({ to: "a..b@c" }), "alerting.receivers[0].email.to: (not shown) is not an address"],
    [mail({ from: "a@b\n" }), "alerting.receivers[0].email.from: (not shown) is not an address"],
    [mail({ from: "a@b\nBcc: c@d" }), "alerting.receivers[0].email.from: (not shown) is not an"],
    [
      muted({ from: "22:00", to: "06:00", location: "europe/berlin" }),
      'alerting.muteTimes[0].location: "europe/berlin" is not a time zone',
    ],
    [
      muted({ weekdays: ["monday"], location: "+02:00" }),
      'alerting.muteTimes[0].location: "+02:00" is not a time zone',
    ],
    [muted({ weekdays: everyDay }), 'alerting.muteTimes[0].name: "night" would always mute'],
    [
      alerting({ watchdogReceiver: "ops", disabled: ["Watchdog"] }),
      'alerting.disabled[0]: "Watchdog" turns off the alert',
    ],
  ],
  "a latency threshold that is not a bucket bound on every server": [
    [
      {
        targets: [
          { name: "x", addresses: ["a:1"], customBuckets: { time_to_first_token: [0.5] } },
          { name: "y", addresses: ["b:1"], customBuckets: { time_to_first_token: [2] } },
        ],
        slo: {
          objectives: [{ name: "a", metric: "time_to_first_token", threshold: 1, target: 0.9 }],
        },
      },
      "slo.objectives[0].threshold: 1 is not the end of a bucket, so that classic histograms cannot tell: set histograms",
    ],
  ],
  "the same target in two spellings, and an invalid IPv6 address": [
    [{ targets: ["A:1", "a:1"] }, 'targets: "a:1" is listed twice'],
    [{ targets: ["a:1", "a:01"] }, 'targets: "a:01" is listed twice'],
    [
      { targets: ["[2001:db8::1]:1", "[2001:db8:0::1]:1"] },
      'targets: "[2001:db8:0::1]:1" is listed',
    ],
    [{ gpu: { exporter: ["g:1", "G:1"] } }, 'gpu.exporter[1]: "G:1" is listed twice'],
    [{ targets: ["[1:2]:1"] }, 'targets[0]: "[1:2]:1" is not an IPv6 address'],
  ],
};

const NOT_LEAKED: Record<string, Config> = {
  "a list of receivers instead of the alerting group": { alerting: [OPS] },
  "alerting as broken JSON": { alerting: `{"receivers": [{"url": "${SECRET}"` },
  "an object instead of the receiver's name in a route": alerting({ routes: [{ receiver: OPS }] }),
  "an object instead of a receiver's own name": {
    alerting: { receivers: [{ ...OPS, name: OPS }] },
  },
  "text instead of the list of routes": alerting({ routes: SECRET }),
  "text instead of a route": alerting({ routes: [SECRET] }),
  "a secret used as a key": {
    alerting: { receivers: [{ name: "ops", webhook: { [SECRET]: 1 } }] },
  },
  "targets as broken JSON": { targets: `[{"canary":{"apiKey":"${SECRET}"},` },
  "an object instead of a target's password": {
    targets: [{ addresses: ["a:1"], basicAuth: { username: "u", password: { x: SECRET } } }],
  },
  "a token instead of a target's TLS settings": { targets: [{ addresses: ["a:1"], tls: SECRET }] },
  "an object with a password instead of targets": { targets: { password: SECRET } },
  "the Prometheus settings as broken JSON with a remote-write token": {
    prometheus: `{"remoteWrite":[{"bearerToken":"${SECRET}"`,
  },
  "a token instead of remote write's basicAuth settings": {
    prometheus: { remoteWrite: [{ name: "x", url: "https://x", basicAuth: SECRET }] },
  },
  "a token as the name of a remote-write header": {
    prometheus: {
      remoteWrite: [{ name: "x", url: "https://x", headers: { [`${SECRET} `]: "x" } }],
    },
  },
  "an object with a canary's API key instead of targets": {
    targets: { a: { canary: { apiKey: SECRET } } },
  },
};

const TAKEN: Record<string, Config> = {
  "the longest duration": { retention: { time: "292y" } },
  "the largest size": { retention: { size: "7EB" } },
  "the largest memory": { prometheus: { memory: 8_388_608 } },
  "the longest downSeconds, one day": { alerting: { thresholds: { downSeconds: 86_400 } } },
  "a registry's name with capital letters": image("Reg.Example.com/a:1"),
  "a registry at an IPv6 address": image("[::1]:5000/a:1"),
  "an image name of 255 characters": image(`${"a".repeat(255)}:1`),
  "an image with both a tag and a digest": image(`a/b__c:1@sha256:${"0".repeat(64)}`),
  "a public URL with a path": publicUrl("https://g.example:8443/grafana/"),
  "an escaped space in a metrics path": group({ metricsPath: "/a%20b" }),
  "an alias of a time zone": muted({ weekdays: ["monday"], location: "US/Eastern" }),
  "the main name of a time zone": muted({ weekdays: ["monday"], location: "Asia/Ho_Chi_Minh" }),
  "a mute time on six days a week": muted({ weekdays: everyDay.slice(1) }),
  "a quoted name in an email address": mail({
    to: '"Doe, John" <j@d.example>, Jürgen Ops <o@d.example>',
  }),
  "a mail server at an IPv6 address": mail({ smarthost: "[::1]:25" }),
  "a number as a label's value in a route": alerting({
    routes: [{ receiver: "ops", labels: { a: 1 } }],
  }),
  "the built-in receiver for the Watchdog": alerting({ watchdogReceiver: "none" }),
  "one address that is scraped at two metrics paths": {
    targets: [
      { name: "x", addresses: ["a:1"], metricsPath: "/x" },
      { name: "y", addresses: ["a:1"], metricsPath: "/y" },
    ],
  },
};

/** Places for a value of every key of the settings, including items of lists. */
const PLACES: Record<string, (value: unknown) => Config> = {
  ...Object.fromEntries(
    keysOf(settingsJsonSchema()).map((path) => [path.join("."), (value) => nested(path, value)]),
  ),
  ...places("receivers", RECEIVER_KEYS, (one) => ({
    alerting: { receivers: [{ name: "ops", ...one }] },
  })),
  ...places("routes", ROUTE_KEYS, (one) => alerting({ routes: [{ receiver: "ops", ...one }] })),
  ...places("muteTimes", MUTE_TIME_KEYS, (one) => muted({ weekdays: ["monday"], ...one })),
  ...places("targets", TARGET_KEYS, group),
  ...places("objectives", OBJECTIVE_KEYS, (one) => ({
    slo: { objectives: [{ name: "a", metric: "errors", target: 0.9, ...one }] },
  })),
};

for (const [kind, cases] of Object.entries(REFUSED)) {
  describe(`settings reject ${kind}`, () => {
    for (const [config, expected] of cases) {
      it(expected.slice(0, 60), () => {
        const [fault = "", ...others] = faultsOf(config);
        assert.deepEqual(others, []);
        assert.equal(fault.slice(0, expected.length), expected);
        assert.doesNotMatch(fault, /s3cret/);
      });
    }
  });
}

describe("settings errors show no secret", () => {
  for (const [name, config] of Object.entries(NOT_LEAKED)) {
    it(name, () => {
      const faults = faultsOf(config);
      assert.notEqual(faults.length, 0);
      assert.doesNotMatch(faults.join("\n"), /s3cret/);
    });
  }
});

describe("settings errors say what to do, in the project's own words", () => {
  for (const [name, place] of Object.entries(PLACES)) {
    it(name, () => {
      const faults = WRONG_VALUES.flatMap((value) => faultsOf(place(value)));
      assert.notEqual(faults.length, 0);
      for (const fault of faults) {
        assert.doesNotMatch(fault, /Invalid|Too (small|big)|expected|Unrecognized/);
        assert.match(fault, /: .*(give|set|remove|use|choose|keep|add|leave|encrypt)\b.*\.$/);
      }
    });
  }
});

describe("settings accept, and a stack can be planned with", () => {
  for (const [name, config] of Object.entries(TAKEN)) {
    it(name, () => {
      const { monitoring } = planStack(parseSettings(config), demo);
      assert.match(monitoring.prometheus.config, /^global:/);
    });
  }

  it("a receiver whose name is too long for a file", () => {
    const settings = parseSettings({
      alerting: { receivers: [{ ...OPS, name: "值".repeat(40) }] },
    });
    const { secrets = {} } = planStack(settings, demo).monitoring.alertmanager ?? {};
    assert.deepEqual(
      Object.keys(secrets).map((file) => /^[0-9a-f]{64}-/.test(file) && file.length < 100),
      [true],
    );
  });

  it("an alert's name twice in the URL of runbooks", () => {
    const settings = parseSettings(alerting({ runbookUrl: "https://h/{alert}#{alert}" }));
    const texts = Object.values(planStack(settings, demo).monitoring.prometheus.ruleFiles);
    assert.match(texts.join("\n"), /https:\/\/h\/VllmTargetDown#VllmTargetDown/);
    assert.doesNotMatch(texts.join("\n"), /\{alert\}/);
  });
});

interface KeySchema {
  properties?: Record<string, unknown>;
}

/** The paths of all keys: of the groups, and of the keys inside them. */
function keysOf({ properties = {} }: KeySchema): string[][] {
  return Object.entries(properties).flatMap(([key, inner]) => [
    [key],
    ...keysOf(inner as KeySchema).map((path) => [key, ...path]),
  ]);
}

function nested([key = "", ...rest]: string[], value: unknown): Config {
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

function places(list: string, keys: string[], settings: (one: Config) => Config) {
  return Object.fromEntries(
    keys.map((key) => [`${list}[0].${key}`, (value: unknown) => settings({ [key]: value })]),
  );
}

/** The error sentences about rejected settings, without the project's name. */
function faultsOf(config: Config): string[] {
  try {
    parseSettings(config);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    const [, ...lines] = error.message.split("\n");
    return lines.map((line) => line.trim().replace("vllm-observability:", ""));
  }
  return [];
}
