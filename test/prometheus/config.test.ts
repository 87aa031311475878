import assert from "node:assert/strict";
import { it } from "node:test";
import {
  prometheusConfig,
  prometheusSecrets,
  type PrometheusConfig,
} from "../../prometheus/config.ts";
import { parseSettings } from "../../settings.ts";
import type { TargetGroup } from "../../prometheus/targets.ts";
import type { Version } from "../../vllm/index.ts";

const CONFIG: PrometheusConfig = {
  scrapeInterval: "5s",
  evaluationInterval: "30s",
  sampleLimit: 50_000,
  retention: { time: "30d", size: "10GB" },
  targets: [],
  gpuExporters: [],
  own: {},
  histograms: "classic",
};

const VLLM: TargetGroup = {
  job: "vllm",
  addresses: ["a:8000"],
  labels: {},
  scheme: "http",
  metricsPath: "/metrics",
};

it("writes one scrape job per group, with only the settings that differ from the defaults", () => {
  const text = prometheusConfig({
    ...CONFIG,
    targets: [
      {
        job: "vllm",
        addresses: ["a:8000", "b:8000"],
        labels: {},
        scheme: "http",
        metricsPath: "/metrics",
      },
      {
        job: "chat",
        addresses: ["c:443"],
        labels: { team: "search", rack: "7" },
        scheme: "https",
        metricsPath: "/vllm/metrics",
        scrapeInterval: "1m",
      },
    ],
  });
  assert.equal(
    text,
    `global:
  scrape_interval: 5s
  evaluation_interval: 30s
  sample_limit: 50000
storage:
  tsdb:
    retention:
      time: 30d
      size: 10GB
scrape_configs:
  - job_name: vllm
    scheme: http
    metrics_path: /metrics
    fallback_scrape_protocol: PrometheusText0.0.4
    static_configs:
      - targets:
          - a:8000
          - b:8000
    metric_relabel_configs:
      - source_labels:
          - __name__
        regex: .+_created
        action: drop
  - job_name: chat
    scrape_interval: 1m
    scheme: https
    metrics_path: /vllm/metrics
    fallback_scrape_protocol: PrometheusText0.0.4
    static_configs:
      - targets:
          - c:443
        labels:
          team: search
          rack: "7"
    metric_relabel_configs:
      - source_labels:
          - __name__
        regex: .+_created
        action: drop
`,
  );
});

it("adds external labels, with each $ doubled, since Prometheus replaces variables in them", () => {
  const text = prometheusConfig({
    ...CONFIG,
    externalLabels: { cluster: "eu-1", cost: "$5 $HOME" },
  });
  assert.equal(
    text.slice(0, text.indexOf("storage:")),
    `global:
  scrape_interval: 5s
  evaluation_interval: 30s
  sample_limit: 50000
  external_labels:
    cluster: eu-1
    cost: $$5 $$HOME
`,
  );
});

it("scrapes a server with its parameters, headers and login, and keeps the secret in a file", () => {
  const { targets } = parseSettings({
    targets: [
      {
        ...{ name: "proxied", addresses: ["a:1"], scheme: "https", params: { format: "text" } },
        ...{
          bearerToken: "the token",
          headers: { "X-Team": "a" },
          tls: { serverName: "a.example" },
        },
      },
    ],
  });
  const text = prometheusConfig({ ...CONFIG, targets });
  assert.equal(
    text.slice(text.indexOf("  - job_name: proxied"), text.indexOf("    fallback")),
    `  - job_name: proxied
    scheme: https
    metrics_path: /metrics
    params:
      format:
        - text
    authorization:
      credentials_file: /etc/prometheus-secrets/target-proxied-login
    tls_config:
      server_name: a.example
    http_headers:
      X-Team:
        values:
          - a
`,
  );
  assert.deepEqual(prometheusSecrets({ targets }), { "target-proxied-login": "the token" });
});

it("sends the selected series to other systems, and keeps the secrets in files", () => {
  const [central, vendor] = parseSettings({
    prometheus: {
      remoteWrite: [
        {
          ...{ name: "central", url: "https://mimir/api/v1/push", metrics: ["up", "job_model:*"] },
          ...{ basicAuth: { username: "stack", password: "the password" } },
          ...{ headers: { "X-Scope-OrgID": "a" }, tls: { serverName: "mimir.example" } },
        },
        { name: "vendor", url: "http://vendor/write", bearerToken: "the token" },
      ],
    },
  }).prometheus.remoteWrite;
  assert.ok(central && vendor);
  const text = prometheusConfig({
    ...{ ...CONFIG, histograms: "native" },
    remoteWrite: [central, vendor],
  });
  assert.equal(
    text.slice(text.indexOf("remote_write:"), text.indexOf("scrape_configs:")),
    `remote_write:
  - name: central
    url: https://mimir/api/v1/push
    basic_auth:
      username: stack
      password_file: /etc/prometheus-secrets/remote-write-central-login
    tls_config:
      server_name: mimir.example
    headers:
      X-Scope-OrgID: a
    send_native_histograms: true
    write_relabel_configs:
      - source_labels:
          - __name__
        regex: up|job_model:.*
        action: keep
  - name: vendor
    url: http://vendor/write
    authorization:
      credentials_file: /etc/prometheus-secrets/remote-write-vendor-login
    send_native_histograms: true
`,
  );
  assert.deepEqual(prometheusSecrets({ targets: [], remoteWrite: [central, vendor] }), {
    "remote-write-central-login": "the password",
    "remote-write-vendor-login": "the token",
  });
});

it("converts vLLM's histograms if they should be native", () => {
  const text = prometheusConfig({ ...CONFIG, targets: [VLLM], histograms: "native" });
  assert.equal(
    text.slice(text.indexOf("scrape_configs:")),
    `scrape_configs:
  - job_name: vllm
    scheme: http
    metrics_path: /metrics
    fallback_scrape_protocol: PrometheusText0.0.4
    scrape_native_histograms: true
    convert_classic_histograms_to_nhcb: true
    static_configs:
      - targets:
          - a:8000
    metric_relabel_configs:
      - source_labels:
          - __name__
        regex: .+_created
        action: drop
`,
  );
});

it("scrapes GPU exporters and the stack's own servers without conversion, in either form", () => {
  const given = {
    ...CONFIG,
    gpuExporters: ["g1:9400", "g2:9400"],
    own: { prometheus: "localhost:9090", grafana: "grafana:3000" },
  };
  for (const histograms of ["classic", "native"] as const) {
    const text = prometheusConfig({ ...given, histograms });
    assert.equal(
      text.slice(text.indexOf("scrape_configs:")),
      `scrape_configs:
  - job_name: gpu
    static_configs:
      - targets:
          - g1:9400
          - g2:9400
  - job_name: prometheus
    static_configs:
      - targets:
          - localhost:9090
  - job_name: grafana
    static_configs:
      - targets:
          - grafana:3000
    metric_relabel_configs:
      - source_labels:
          - __name__
        regex: grafana_build_info|grafana_http_request_in_flight|grafana_http_request_duration_seconds_bucket|grafana_http_request_duration_seconds_sum|grafana_http_request_duration_seconds_count|grafana_stat_totals_dashboard|process_resident_memory_bytes
        action: keep
`,
    );
  }
});

it("numbers vLLM's former engine if the fleet may have releases below 0.11", () => {
  const numbers = (oldestVersion?: Version) =>
    prometheusConfig({ ...CONFIG, targets: [VLLM], oldestVersion }).includes(
      `      - source_labels:
          - model_name
          - engine
        regex: .+;
        target_label: engine
        replacement: "0"
`,
    );
  assert.deepEqual(
    [numbers("0.8"), numbers("0.10"), numbers("0.11"), numbers()],
    [true, true, false, false],
  );
});
