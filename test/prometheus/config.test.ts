import assert from "node:assert/strict";
import { it } from "node:test";
import { prometheusConfig } from "../../prometheus/config.ts";
import { milliseconds } from "../../prometheus/duration.ts";

it("writes one scrape job per group, with what differs from the defaults", () => {
  const text = prometheusConfig({
    scrapeInterval: "5s",
    evaluationInterval: "30s",
    retention: { time: "30d", size: "10GB" },
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
`,
  );
});

it("reads durations as Prometheus does", () => {
  assert.equal(milliseconds("1h30m5s250ms"), 5_405_250);
  assert.equal(milliseconds("1y2w3d"), (365 + 14 + 3) * 86_400_000);
});
