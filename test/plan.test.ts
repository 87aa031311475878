import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demo } from "../demo.ts";
import { planFiles, planStack } from "../plan.ts";
import { parseSettings } from "../settings.ts";

describe("planStack", () => {
  it("returns URLs that this machine can open, whatever the bind address", () => {
    const urls = (bindAddress: string) => {
      const { grafanaUrl, prometheusUrl } = planStack(parseSettings({ bindAddress }), demo).outputs;
      return [grafanaUrl, prometheusUrl];
    };
    assert.deepEqual(urls("127.0.0.1"), ["http://127.0.0.1:3000", "http://127.0.0.1:9090"]);
    assert.deepEqual(urls("10.0.0.5"), ["http://10.0.0.5:3000", "http://10.0.0.5:9090"]);
    assert.deepEqual(urls("0.0.0.0"), ["http://127.0.0.1:3000", "http://127.0.0.1:9090"]);
    assert.deepEqual(urls("::"), ["http://[::1]:3000", "http://[::1]:9090"]);
  });

  it("outputs Grafana's public URL, and uses the published one internally", () => {
    const plan = planStack(
      parseSettings({ grafana: { publicUrl: "https://grafana.example.com/" } }),
      demo,
    );
    assert.equal(plan.monitoring.grafana.url, "http://127.0.0.1:3000");
    assert.equal(plan.outputs.grafanaUrl, "https://grafana.example.com");
    assert.equal(plan.outputs.dashboards["vllm-wall"], "https://grafana.example.com/d/vllm-wall");
    const rules = Object.values(plan.monitoring.prometheus.ruleFiles).join("\n");
    assert.match(rules, /dashboard_url: https:\/\/grafana\.example\.com\/d\/vllm-overview/);
    assert.match(rules, /runbook_url: https:\/\/grafana\.example\.com\/d\/vllm-runbooks/);
    assert.doesNotMatch(rules, /127\.0\.0\.1/);
  });

  it("gives each dashboard a URL by its uid", () => {
    const { monitoring, outputs } = planStack(parseSettings({}), demo);
    for (const uid of Object.keys(monitoring.dashboards.json)) {
      assert.equal(outputs.dashboards[uid], `http://127.0.0.1:3000/d/${uid}`);
    }
  });

  it("uses half the scrape timeout to tell hanging servers from refused connections", () => {
    const query = (settings: Record<string, unknown>) => {
      const { json } = planStack(parseSettings(settings), demo).monitoring.dashboards;
      return /scrape_duration_seconds[^)]*\) > bool ([\d.]+)/.exec(json["vllm-stack"] ?? "")?.[1];
    };
    assert.equal(query({ scrapeInterval: "1m" }), "5");
    assert.equal(query({ scrapeInterval: "5s" }), "2.5");
    assert.equal(query({ scrapeInterval: "3s" }), "1.5");
    const targets = [
      { name: "a", addresses: ["a:8000"] },
      { name: "b", addresses: ["b:8000"], scrapeInterval: "1s" },
    ];
    assert.equal(query({ targets }), "0.5");
  });

  it("uses the longest scrape interval for the dashboards' windows", () => {
    const interval = (settings: Record<string, unknown>) =>
      planStack(parseSettings(settings), demo).monitoring.dashboards.scrapeInterval;
    assert.equal(interval({}), "5s");
    const targets = [
      { name: "a", addresses: ["a:8000"], scrapeInterval: "30s" },
      { name: "b", addresses: ["b:8000"], scrapeInterval: "1s" },
    ];
    assert.equal(interval({ targets }), "30s");
    assert.equal(interval({ targets, scrapeInterval: "1m" }), "1m");
  });

  it("has a demo only if the settings enable it", () => {
    assert.equal(planStack(parseSettings({}), demo).monitoring.demo, undefined);
    const { monitoring, targets } = planStack(parseSettings({ demo: true, targets: [] }), demo);
    assert.equal(monitoring.demo?.image, "node:24.21.0-alpine");
    assert.deepEqual([...new Set(targets.map(({ job }) => job))], ["demo"]);
  });
});

describe("planFiles", () => {
  it("are the same files that are mounted and registered", () => {
    const plan = planStack(parseSettings({}), demo);
    const files = planFiles(plan);
    assert.equal(files["prometheus/prometheus.yml"], plan.monitoring.prometheus.config);
    for (const [uid, json] of Object.entries(plan.monitoring.dashboards.json)) {
      assert.equal(files[`grafana/${uid}.json`], json);
    }
  });
});
