/** Queries find servers with vLLM's former engine, which has no engine number, but no routers. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { prometheusConfig } from "../../prometheus/config.ts";
import { parseSettings } from "../../settings.ts";
import { metrics, promql } from "../../vllm/index.ts";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { servePages } from "./servePages.ts";

const PAGE = `# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{model_name="former"} 3
vllm:num_requests_running{model_name="present",engine="1"} 4
vllm:num_requests_running{server="http://a:8000"} 7
`;

it("gives the former engine the number 0, and does not change other series", async () => {
  const page = await servePages((_, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(PAGE);
  });
  const settings = parseSettings({ targets: [page.address], vllm: { oldestVersion: "0.9" } });
  const prometheus = await PrometheusServer.start(
    prometheusConfig({
      ...settings,
      oldestVersion: settings.vllm.oldestVersion,
      scrapeInterval: "1s",
      sampleLimit: 0,
      gpuExporters: [],
      own: {},
    }),
  );
  try {
    const q = promql({ histograms: "classic", window: "5m" });
    const query = q.sum(metrics.requestsRunning, { by: ["model_name", "engine"] });
    let found = await prometheus.query(query);
    while (found.length === 0) {
      await sleep(250);
      found = await prometheus.query(query);
    }
    assert.deepEqual(
      found
        .map(({ metric, value }) => ({ ...metric, value: value[1] }))
        .sort((a, b) => a.value.localeCompare(b.value)),
      [
        { model_name: "former", engine: "0", value: "3" },
        { model_name: "present", engine: "1", value: "4" },
      ],
    );
  } finally {
    await prometheus.stop();
    await page.stop();
  }
});
