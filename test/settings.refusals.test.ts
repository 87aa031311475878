import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseSettings, SettingsError } from "../settings.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const REMOTE = { name: "central", url: "https://mimir/push" };

describe("parseSettings rejects, naming the key, the value and what to do", () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ["an unknown key", { prot: 1 }, "vllm-observability:prot is not a known setting: remove it or"],
    [
      "an unknown key in a group",
      { grafana: { prot: 1 } },
      "vllm-observability:grafana.prot is not a known setting: remove it or",
    ],
    [
      "addresses that are not a list",
      { targets: [{ addresses: "a:1" }] },
      'vllm-observability:targets[0].addresses: "a:1" is not a list: give a list of "host:port".',
    ],
    [
      "a group without addresses",
      { targets: [{ name: "a" }] },
      'vllm-observability:targets[0].addresses is missing: give a list of "host:port".',
    ],
    [
      "a label without a value",
      { targets: [{ addresses: ["a:1"], labels: { team: null } }] },
      "vllm-observability:targets[0].labels.team: null is not a label's value: give a text.",
    ],
    [
      "a label that vLLM sets on some of its metrics",
      { targets: [{ addresses: ["a:1"], labels: { finished_reason: "x" } }] },
      'vllm-observability:targets[0].labels.finished_reason: "finished_reason" is reserved: Prometheus or vLLM sets this label itself',
    ],
    [
      "an external label that vLLM sets on its metrics",
      { externalLabels: { model_name: "x" } },
      'vllm-observability:externalLabels.model_name: "model_name" is reserved: Prometheus or vLLM sets this label itself',
    ],
    [
      "an external label with a dash",
      { externalLabels: { "data-center": "x" } },
      'vllm-observability:externalLabels.data-center: "data-center" is not a label name: use letters, digits and underscores',
    ],
    [
      "an unknown key of a target",
      { targets: [{ addresses: ["a:1"], port: 1 }] },
      "vllm-observability:targets[0].port is not a known setting: remove it or",
    ],
    [
      "a negative sample limit",
      { prometheus: { sampleLimit: -1 } },
      "vllm-observability:prometheus.sampleLimit: -1 is not a limit: give a whole number of samples, or 0 for none.",
    ],
    [
      "a public URL without a scheme",
      { grafana: { publicUrl: "grafana.example.com" } },
      'vllm-observability:grafana.publicUrl: "grafana.example.com" is not a URL: give one that starts with "https://" or "http://".',
    ],
    [
      "a public URL with a scheme other than http or https",
      { grafana: { publicUrl: "ftp://grafana.example.com" } },
      'vllm-observability:grafana.publicUrl: "ftp://grafana.example.com" is not a URL: give one that starts with "https://" or "http://".',
    ],
    [
      "port 0",
      { grafana: { port: 0 } },
      "vllm-observability:grafana.port: 0 is not a port: give a whole number from 1 to 65535.",
    ],
    [
      "port 65536",
      { grafana: { port: 65536 } },
      "vllm-observability:grafana.port: 65536 is not a port: give a whole number from 1 to 65535.",
    ],
    [
      "a port that is another service's default port",
      { prometheus: { port: 3000 } },
      "vllm-observability:prometheus.port: 3000 is also Grafana's port: give each service a port of its own.",
    ],
    [
      "two remote-write receivers with the same name",
      { prometheus: { remoteWrite: [REMOTE, REMOTE] } },
      'vllm-observability:prometheus.remoteWrite[1].name: "central" is the name of two receivers of remote write: give each a name of its own.',
    ],
    [
      "a login in the remote-write URL",
      { prometheus: { remoteWrite: [{ ...REMOTE, url: "https://u:pw@mimir/push" }] } },
      'vllm-observability:prometheus.remoteWrite[0].url: "https://(not shown)@mimir/push" contains a login: leave it out.',
    ],
    [
      "both a bearer token and basicAuth for remote write",
      {
        prometheus: {
          remoteWrite: [
            { ...REMOTE, bearerToken: "t", basicAuth: { username: "u", password: "p" } },
          ],
        },
      },
      "vllm-observability:prometheus.remoteWrite[0].bearerToken: (not shown) is set beside basicAuth: keep one of them.",
    ],
    [
      "a remote-write header that Prometheus sets itself",
      { prometheus: { remoteWrite: [{ ...REMOTE, headers: { Authorization: "Bearer x" } }] } },
      "vllm-observability:prometheus.remoteWrite[0].headers.Authorization: (not shown) is a header that Prometheus sets itself: remove it.",
    ],
    [
      "a file name instead of a CA certificate",
      { prometheus: { remoteWrite: [{ ...REMOTE, tls: { ca: "/etc/ca.pem" } }] } },
      "vllm-observability:prometheus.remoteWrite[0].tls.ca: (not shown) is not a certificate in PEM form: give the text of the file.",
    ],
    [
      "a regular expression instead of a metric name",
      { prometheus: { remoteWrite: [{ ...REMOTE, metrics: ["vllm:.+"] }] } },
      'vllm-observability:prometheus.remoteWrite[0].metrics[0]: "vllm:.+" is not a metric name: give one, or a pattern such as "job_model:*".',
    ],
    [
      "TLS settings for a target that is scraped over plain HTTP",
      { targets: [{ addresses: ["a:1"], tls: { serverName: "a" } }] },
      'vllm-observability:targets[0].scheme: "http" has no TLS, but tls is set: give "https", or remove tls.',
    ],
    [
      "a client certificate without its key",
      { targets: [{ addresses: ["a:1"], scheme: "https", tls: { cert: CERTIFICATE } }] },
      "vllm-observability:targets[0].tls.key: (not shown) is missing, but cert is set: set both, or neither.",
    ],
    [
      "a target's login without a password",
      { targets: [{ addresses: ["a:1"], basicAuth: { username: "u" } }] },
      'vllm-observability:targets[0].basicAuth.password: (not shown) is missing: set the password to log in with by "npm run pulumi -- config set --secret --stack NAME --path", followed by this key.',
    ],
    [
      "a target with a scheme",
      { targets: ["http://a:8000"] },
      'vllm-observability:targets[0]: "http://a:8000" has a scheme: give "host:port" alone',
    ],
    [
      "a target with a path",
      { targets: ["a:8000/metrics"] },
      'vllm-observability:targets[0]: "a:8000/metrics" has a path: give "host:port" alone',
    ],
    [
      "a target without a port",
      { targets: "a" },
      'vllm-observability:targets: "a" has no port: give "host:port"',
    ],
    [
      "a target with a port out of range",
      { targets: "a:65536" },
      'vllm-observability:targets: "a:65536" has a port out of range: give one from 1 to 65535.',
    ],
    [
      "a list of targets with a space after the comma",
      { targets: "a:1, b:1" },
      'vllm-observability:targets: " b:1" contains a space: give "host:port"',
    ],
    [
      "a target given twice",
      { targets: ["a:1", { name: "x", addresses: ["a:1"] }] },
      'vllm-observability:targets: "a:1" is listed twice, which would count it twice: keep one.',
    ],
    [
      "two target groups with the same name",
      {
        targets: [
          { name: "x", addresses: ["a:1"] },
          { name: "x", addresses: ["b:1"] },
        ],
      },
      'vllm-observability:targets: "x" is the name of two groups: give each its own name.',
    ],
    [
      "a target group with a name that the stack itself uses",
      { targets: [{ name: "prometheus", addresses: ["a:1"] }] },
      'vllm-observability:targets: "prometheus" is a name that the stack itself uses',
    ],
    [
      "a label name that Prometheus refuses",
      { targets: [{ addresses: ["a:1"], labels: { "a-b": "c" } }] },
      'vllm-observability:targets[0].labels.a-b: "a-b" is not a label name: use letters',
    ],
    [
      "a label name that Prometheus reserves",
      { targets: [{ addresses: ["a:1"], labels: { __a: "c" } }] },
      'vllm-observability:targets[0].labels.__a: "__a" is reserved',
    ],
    [
      "a label that Prometheus sets on every series",
      { targets: [{ addresses: ["a:1"], labels: { instance: "c" } }] },
      'vllm-observability:targets[0].labels.instance: "instance" is reserved',
    ],
    [
      "no targets",
      { targets: [] },
      'vllm-observability:targets: [] is empty: give at least one "host:port"',
    ],
    [
      "a negative duration",
      { scrapeInterval: "-5s" },
      'vllm-observability:scrapeInterval: "-5s" is not a duration: give a positive number',
    ],
    [
      "a duration without a unit",
      { scrapeInterval: 5 },
      "vllm-observability:scrapeInterval: 5 is not a duration: give a number with a unit",
    ],
    [
      "a duration of zero",
      { evaluationInterval: "0s" },
      'vllm-observability:evaluationInterval: "0s" is zero: give a duration of at least 1 ms',
    ],
    [
      "a vLLM release given as a number",
      { vllm: { oldestVersion: 0.1 } },
      'vllm-observability:vllm.oldestVersion: 0.1 is not a release: give one from "0.8" to "0.33", in quotes',
    ],
    [
      "a vLLM release that is too new",
      { vllm: { oldestVersion: "0.34" } },
      'vllm-observability:vllm.oldestVersion: "0.34" is not a release',
    ],
    [
      "a GPU exporter without a port",
      { gpu: { exporter: ["gpu1"] } },
      'vllm-observability:gpu.exporter[0]: "gpu1" has no port',
    ],
    [
      "a warning level above its critical level",
      { thresholds: { kvCacheUsage: { warning: 0.99 } } },
      'vllm-observability:thresholds.kvCacheUsage: {"warning":0.99,"critical":0.98} has a warning that is not below its critical level',
    ],
    [
      "a share above 1",
      { thresholds: { errorRatio: { critical: 5 } } },
      "vllm-observability:thresholds.errorRatio.critical: 5 is above 1",
    ],
    [
      "an objective with a target of 100 %",
      { slo: { objectives: [{ name: "a", metric: "errors", target: 1 }] } },
      "vllm-observability:slo.objectives[0].target: 1 leaves no error budget",
    ],
    [
      "a latency objective without a threshold",
      { slo: { objectives: [{ name: "a", metric: "time_to_first_token", target: 0.9 }] } },
      "vllm-observability:slo.objectives[0].threshold is missing: a latency is good up to",
    ],
    [
      "a threshold for an objective about errors",
      { slo: { objectives: [{ name: "a", metric: "errors", threshold: 1, target: 0.9 }] } },
      "vllm-observability:slo.objectives[0].threshold: 1 has no meaning for errors",
    ],
    [
      "a latency threshold between two bucket bounds of classic histograms",
      {
        slo: {
          objectives: [{ name: "a", metric: "time_to_first_token", threshold: 2, target: 0.9 }],
        },
      },
      "vllm-observability:slo.objectives[0].threshold: 2 is not the end of a bucket, so that classic histograms cannot tell: give 1 or 2.5",
    ],
    [
      "two objectives with the same name",
      {
        slo: {
          objectives: [
            { name: "a", metric: "errors", target: 0.9 },
            { name: "a", metric: "availability", target: 0.9 },
          ],
        },
      },
      'vllm-observability:slo.objectives[1].name: "a" is the name of two objectives',
    ],
    [
      "a size without a unit",
      { retention: { size: "10" } },
      'vllm-observability:retention.size: "10" is not a size: give a positive number with a unit',
    ],
    [
      "an image without a tag",
      { grafana: { image: "grafana/grafana" } },
      'vllm-observability:grafana.image: "grafana/grafana" is not an image with a tag: give "name:tag"',
    ],
    [
      "an image whose only colon is a registry's port",
      { grafana: { image: "localhost:5000/grafana" } },
      'vllm-observability:grafana.image: "localhost:5000/grafana" is not an image with a tag: give "name:tag"',
    ],
    [
      "an image whose tag moves, such as latest",
      { prometheus: { image: "prom/prometheus:latest" } },
      'vllm-observability:prometheus.image: "prom/prometheus:latest" moves with time',
    ],
    [
      "a host name as the bind address",
      { bindAddress: "localhost" },
      'vllm-observability:bindAddress: "localhost" is not an IP address',
    ],
    [
      "a memory limit that is too low",
      { grafana: { memory: 127 } },
      "vllm-observability:grafana.memory: 127 is not a memory limit: give whole MiB, from 128 to 8388608.",
    ],
    [
      "text instead of true or false",
      { demo: "yes" },
      'vllm-observability:demo: "yes" is not true or false: give one of them.',
    ],
    [
      "a value instead of a group of settings",
      { grafana: 3000 },
      "vllm-observability:grafana: 3000 is not a group of settings: set the keys inside it.",
    ],
  ];
  for (const [name, config, expected] of cases) {
    it(name, () => {
      assert.throws(
        () => parseSettings(config),
        (error) => {
          assert.ok(error instanceof SettingsError);
          const [, ...lines] = error.message.split("\n");
          assert.equal(lines.length, 1, error.message);
          assert.equal(lines[0]?.trim().slice(0, expected.length), expected);
          return true;
        },
      );
    });
  }

  it("several faults at once, one line each", () => {
    assert.throws(
      () => parseSettings({ demo: 1, scrapeInterval: "5" }),
      (error: Error) => error.message.split("\n").length === 3,
    );
  });
});
