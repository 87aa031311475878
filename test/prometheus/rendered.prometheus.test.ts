import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ensurePrometheusPrograms } from "../../lab/kit/images/index.ts";
import { demo } from "../../demo.ts";
import { planFiles, planStack } from "../../plan.ts";
import { prometheusConfig } from "../../prometheus/config.ts";
import { parseSettings } from "../../settings.ts";
import { readSettings } from "../../tools/project.ts";
import { report } from "../../tools/report.ts";
import { UIDS } from "../../dashboards/uids.ts";
import { parsedDashboards, queriesOf } from "../dashboards/parsedDashboards.ts";
import { asGrafanaSends } from "./grafanaQuery.ts";
import { PrometheusServer } from "../../lab/prometheus/server.ts";
import { servePages } from "./servePages.ts";

const settings = parseSettings({});

describe("the rendered configuration", () => {
  for (const stack of ["dev", "prod", "offline"]) {
    it(`of the stack ${stack} passes promtool check config`, async () => {
      const { promtool } = await ensurePrometheusPrograms(report);
      const folder = mkdtempSync(join(tmpdir(), "rendered-"));
      try {
        for (const [path, text] of Object.entries(
          planFiles(planStack(readSettings(stack), demo)),
        )) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        execFileSync(promtool, ["check", "config", join(folder, "prometheus/prometheus.yml")]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

describe("each query of the seed dashboard returns data for the recorded metrics", () => {
  const queries = parsedDashboards()
    .filter(({ uid }) => uid === UIDS.vllm)
    .flatMap(queriesOf);
  let prometheus: PrometheusServer;
  let vllm: Awaited<ReturnType<typeof servePages>>;

  before(async () => {
    // Two recordings of one server under load. Their difference is the traffic.
    const recordings = ["vllm-0.32.0-loaded-1.txt", "vllm-0.32.0-loaded-2.txt"].map((file) =>
      readFileSync(new URL(`../fixtures/vllm/${file}`, import.meta.url), "utf8"),
    );
    let served = 0;
    vllm = await servePages((_, response) => {
      response.setHeader("content-type", "text/plain; version=1.0.0; charset=utf-8");
      response.end(recordings[served++ < 3 ? 0 : 1]);
    });
    prometheus = await PrometheusServer.start(
      prometheusConfig({
        ...settings,
        scrapeInterval: "1s",
        sampleLimit: settings.prometheus.sampleLimit,
        gpuExporters: [],
        own: {},
        targets: [
          {
            job: "vllm",
            addresses: [vllm.address],
            labels: {},
            scheme: "http",
            metricsPath: "/metrics",
          },
        ],
      }),
    );
    while (served < 6) await sleep(250);
    await sleep(500);
  });
  after(async () => {
    await prometheus.stop();
    await vllm.stop();
  });

  for (const { name, expr } of queries) {
    it(`${name}: ${expr}`, async () => {
      const sent = asGrafanaSends(expr, { rateInterval: "20s", range: "1h" });
      const series = await prometheus.query(sent);
      assert.ok(series.length > 0);
      for (const { value } of series) assert.ok(Number.isFinite(Number(value[1])), value[1]);
    });
  }

  it("covers the queries of 12 panels", () => {
    assert.equal(new Set(queries.map(({ name }) => name)).size, 12);
  });
});
