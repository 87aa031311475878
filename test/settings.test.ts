import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { objectives } from "../slo/objective.ts";
import { alertThresholds } from "../prometheus/rules/alertThresholds.ts";
import { parseSettings } from "../settings.ts";

const DEFAULTS = {
  targets: [
    {
      job: "vllm",
      addresses: ["host.docker.internal:8000"],
      labels: {},
      scheme: "http",
      metricsPath: "/metrics",
    },
  ],
  scrapeInterval: "5s",
  evaluationInterval: "30s",
  retention: { time: "30d", size: "10GB" },
  externalLabels: {},
  bindAddress: "127.0.0.1",
  prometheus: {
    ...{ port: 9090, image: "prom/prometheus:v3.13.3", memory: 1024, sampleLimit: 50_000 },
    remoteWrite: [],
  },
  grafana: { port: 3000, image: "grafana/grafana:13.1.4", memory: 512 },
  alertmanager: { port: 9093, image: "prom/alertmanager:v0.34.2", memory: 128 },
  alerting: {
    receivers: [],
    routes: [],
    muteTimes: [],
    groupWait: "30s",
    groupInterval: "5m",
    repeatInterval: "4h",
    disabled: [],
    thresholds: alertThresholds.parse(undefined),
    timeScale: 1,
  },
  histograms: "classic",
  vllm: {},
  gpu: { exporter: [] },
  canary: { image: "node:24.21.0-alpine", memory: 128 },
  slo: {
    objectives: objectives
      .parse(undefined)
      .filter(({ metric }) => metric !== "canary")
      .map((one) => ({ ...one, window: "30d" })),
  },
  thresholds: {
    kvCacheUsage: { warning: 0.9, critical: 0.98 },
    errorRatio: { warning: 0.001, critical: 0.01 },
    abortRatio: { warning: 0.05, critical: 0.2 },
    rejectionRatio: { warning: 0.001, critical: 0.01 },
    preemptionRatio: { warning: 0.01, critical: 0.1 },
    queueShare: { warning: 0.1, critical: 0.3 },
    timeToFirstToken: { warning: 1, critical: 5 },
    interTokenLatency: { warning: 0.1, critical: 0.2 },
    endToEndLatency: { warning: 120, critical: 240 },
    gpuTemperature: { warning: 80, critical: 87 },
  },
  demo: false,
  demoImage: "node:24.21.0-alpine",
};

describe("parseSettings", () => {
  it("fills in every default", () => {
    assert.deepEqual(parseSettings({}), DEFAULTS);
  });

  it("keeps a group's other defaults if one key is set", () => {
    assert.deepEqual(parseSettings({ prometheus: { port: 9091 } }), {
      ...DEFAULTS,
      prometheus: { ...DEFAULTS.prometheus, port: 9091 },
    });
  });

  it("accepts targets as text, as addresses and as groups", () => {
    const bare = { ...DEFAULTS.targets[0], addresses: ["a:8000", "b:8000"] };
    assert.deepEqual(parseSettings({ targets: "a:8000,b:8000" }).targets, [bare]);
    assert.deepEqual(parseSettings({ targets: ["a:8000", "b:8000"] }).targets, [bare]);
    const group = {
      name: "chat",
      addresses: ["c:8000", "[2001:db8::1]:8001"],
      labels: { team: "search", rack: 7 },
      scheme: "https",
      metricsPath: "/vllm/metrics",
      scrapeInterval: "1m30s",
    };
    assert.deepEqual(parseSettings({ targets: ["a:8000", group, "b:8000"] }).targets, [
      bare,
      {
        job: "chat",
        addresses: ["c:8000", "[2001:db8::1]:8001"],
        labels: { team: "search", rack: "7" },
        scheme: "https",
        metricsPath: "/vllm/metrics",
        scrapeInterval: "1m30s",
      },
    ]);
  });

  it("accepts a decimal as text, as pulumi config set --path stores it", () => {
    const { thresholds, alerting, slo } = parseSettings({
      thresholds: { errorRatio: { warning: "0.002" } },
      alerting: { thresholds: { errorRatio: "0.25" } },
      slo: { objectives: [{ name: "1.5", metric: "errors", target: "0.95" }] },
    });
    assert.deepEqual(thresholds.errorRatio, { warning: 0.002, critical: 0.01 });
    assert.equal(alerting.thresholds.errorRatio, 0.25);
    assert.deepEqual(
      slo.objectives.map(({ name, target }) => ({ name, target })),
      [{ name: "1.5", target: 0.95 }],
    );
  });

  it("accepts an empty list of targets if there is a demo", () => {
    assert.deepEqual(parseSettings({ targets: [], demo: true }).targets, []);
  });

  it("accepts ports at both ends of the range", () => {
    const { prometheus, grafana } = parseSettings({
      prometheus: { port: 1 },
      grafana: { port: 65535 },
    });
    assert.deepEqual([prometheus.port, grafana.port], [1, 65535]);
  });

  it("accepts an image by tag, by digest, and from a registry with a port", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    for (const image of [
      "a/b:v1",
      `a/b@${digest}`,
      `a/b:v1@${digest}`,
      "localhost:5000/a/b:v1",
      "ghcr.io/a/b:1.2-x_y",
    ]) {
      assert.equal(parseSettings({ grafana: { image } }).grafana.image, image);
    }
  });
});
